// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"

	"golang.org/x/crypto/ssh"
)

// VOSOptions say how a VOSServer behaves. The zero value lets nobody in.
type VOSOptions struct {
	// User may log in with Password, unless that is empty, and with the keys.
	User, Password string
	Keys           []ssh.PublicKey
	// Numbering is how items are numbered, such as " %d) "; empty leaves each
	// command its usual form.
	Numbering string
	// Pager is how long answers stop: "press" (the default), "options" or "more".
	Pager string
	// Notice is printed after the banner.
	Notice string
	// NoPagination refuses to switch the pager off.
	NoPagination bool
	// NoEcho is a terminal that does not show what is typed.
	NoEcho bool
	// Faults are commands that do not just answer.
	Faults []VOSFault
}

// VOSFault makes one command misbehave.
type VOSFault struct {
	Command string
	Kind    VOSFaultKind
}

// VOSFaultKind is a way to misbehave.
type VOSFaultKind string

const (
	// VOSHang answers half a line and then nothing until it is interrupted.
	VOSHang VOSFaultKind = "hang"
	// VOSDeaf is a hang that cannot be interrupted.
	VOSDeaf VOSFaultKind = "deaf"
	// VOSDrop closes the connection in the middle of the answer.
	VOSDrop VOSFaultKind = "drop"
	// VOSEndless prints without an end.
	VOSEndless VOSFaultKind = "endless"
	// VOSAsk asks a question of yes or no before it answers, VOSMenu for one
	// of several options, and VOSPassword for a password.
	VOSAsk      VOSFaultKind = "ask"
	VOSMenu     VOSFaultKind = "menu"
	VOSPassword VOSFaultKind = "password"
)

// VOSServer is an SSH server on loopback that speaks like the command line of a
// VOS server and remembers everything it was told.
type VOSServer struct {
	options  VOSOptions
	answers  map[string]string
	listener net.Listener
	config   *ssh.ServerConfig
	key      ssh.PublicKey
	running  sync.WaitGroup

	mu       sync.Mutex
	open     map[net.Conn]bool
	closed   bool
	commands []string
	keys     []string
}

// StartVOSServer listens on a free port of 127.0.0.1 until Close.
func StartVOSServer(node VOSNode, options VOSOptions) (*VOSServer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("lab: host key: %w", err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, fmt.Errorf("lab: host key: %w", err)
	}
	s := &VOSServer{options: options, answers: node.answers(options.Numbering), key: signer.PublicKey(), open: map[net.Conn]bool{}}
	s.config = &ssh.ServerConfig{PasswordCallback: s.password, PublicKeyCallback: s.publicKey}
	s.config.AddHostKey(signer)
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	s.running.Go(s.accept)
	return s, nil
}

var errDenied = errors.New("denied")

func (s *VOSServer) password(c ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
	if s.options.Password == "" || c.User() != s.options.User || subtle.ConstantTimeCompare(given, []byte(s.options.Password)) != 1 {
		return nil, errDenied
	}
	return nil, nil
}

func (s *VOSServer) publicKey(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	same := func(k ssh.PublicKey) bool { return bytes.Equal(k.Marshal(), key.Marshal()) }
	if c.User() != s.options.User || !slices.ContainsFunc(s.options.Keys, same) {
		return nil, errDenied
	}
	return nil, nil
}

// Address is where the server listens.
func (s *VOSServer) Address() string { return s.listener.Addr().String() }

// HostKey is the key by which clients know it.
func (s *VOSServer) HostKey() ssh.PublicKey { return s.key }

// Commands are the lines that were typed at the prompt so far, in order.
func (s *VOSServer) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Keys are what was typed at pagers and questions, and at commands that hang.
func (s *VOSServer) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

func (s *VOSServer) note(list *[]string, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, text)
}

// Close ends the server and its connections.
func (s *VOSServer) Close() error {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	err := s.listener.Close()
	s.running.Wait()
	return err
}

// track keeps a connection to be closed, and is false when it is too late.
func (s *VOSServer) track(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.open[c] = true
	}
	return !s.closed
}

func (s *VOSServer) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.track(c) {
			c.Close()
			return
		}
		s.running.Go(func() {
			defer c.Close()
			s.connection(c)
		})
	}
}

func (s *VOSServer) connection(c net.Conn) {
	conn, channels, requests, err := ssh.NewServerConn(c, s.config)
	if err != nil {
		return
	}
	s.running.Go(func() { ssh.DiscardRequests(requests) })
	for offered := range channels {
		if offered.ChannelType() != "session" {
			offered.Reject(ssh.Prohibited, "only sessions")
			continue
		}
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}
		s.running.Go(func() { s.session(conn, channel, requests) })
	}
}

// session serves the requests of one channel. Only a shell in a terminal is to
// be had, as on a VOS server.
func (s *VOSServer) session(conn *ssh.ServerConn, channel ssh.Channel, requests <-chan *ssh.Request) {
	t := &vosTerminal{server: s, channel: channel, width: 80, height: 24, paged: true, drop: func() { conn.Close() }}
	hasTerminal, started := false, false
	for r := range requests {
		accepted := false
		switch r.Type {
		case "pty-req":
			width, height, ok := ptySize(r.Payload)
			if accepted = ok; ok {
				t.resize(width, height)
				hasTerminal = true
			}
		case "window-change":
			if len(r.Payload) >= 8 {
				t.resize(int(binary.BigEndian.Uint32(r.Payload)), int(binary.BigEndian.Uint32(r.Payload[4:])))
				accepted = true
			}
		case "shell":
			if accepted = hasTerminal && !started; accepted {
				started = true
				s.running.Go(t.run)
			}
		}
		if r.WantReply {
			r.Reply(accepted, nil)
		}
	}
	channel.Close()
}

// ptySize reads a terminal request (RFC 4254, section 6.2).
func ptySize(payload []byte) (width, height int, ok bool) {
	if len(payload) < 4 {
		return 0, 0, false
	}
	n := int(binary.BigEndian.Uint32(payload))
	if n < 0 || n > 64 || len(payload) < 4+n+8 {
		return 0, 0, false
	}
	rest := payload[4+n:]
	return int(binary.BigEndian.Uint32(rest)), int(binary.BigEndian.Uint32(rest[4:])), true
}
