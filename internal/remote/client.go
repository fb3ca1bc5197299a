// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Deadlines of single operations. A whole run has its own, in the context.
const (
	handshakeTimeout = 20 * time.Second
	// CommandTimeout bounds one command.
	CommandTimeout = 30 * time.Second
	// fileTimeout bounds one request of SFTP.
	fileTimeout = 20 * time.Second
)

// maxErrorBytes is how much of a command's own complaint is kept.
const maxErrorBytes = 4096

// Client is a host that let us in. It is safe for concurrent use.
type Client struct {
	ssh  *ssh.Client
	wire *meter
}

// meter ends a connection that brings more than it may: some operations gather
// all that a host sends before they return.
type meter struct {
	net.Conn
	received, limit atomic.Int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if limit := m.limit.Load(); m.received.Add(int64(n)) > limit && limit > 0 {
		return 0, errors.Join(errors.New("the host sends too much"), m.Conn.Close())
	}
	return n, err
}

// atMost lets the connection bring at most n further bytes until the returned
// function is called.
func (m *meter) atMost(n int64) (done func()) {
	m.limit.Store(m.received.Load() + n)
	return func() { m.limit.Store(0) }
}

// Check reports what is wrong with the credentials themselves, before anybody is
// contacted with them.
func (a Access) Check(host string) error {
	_, err := a.config(host)
	return err
}

// Connect logs in over conn, which it owns from then on, to the host that
// known_hosts calls host:port.
func Connect(ctx context.Context, conn net.Conn, host string, a Access) (*Client, error) {
	config, err := a.config(host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// What the host shows before it lets us in concerns nobody.
	config.BannerCallback = func(string) error { return nil }
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	timer := time.AfterFunc(handshakeTimeout, func() { conn.Close() })
	defer timer.Stop()
	wire := &meter{Conn: conn}
	c, channels, requests, err := ssh.NewClientConn(wire, host, config)
	if err != nil {
		switch {
		case ctx.Err() != nil:
			err = ctx.Err()
		case strings.Contains(err.Error(), "unable to authenticate") || strings.Contains(err.Error(), "unexpected message type"):
			err = errors.New("the host refuses the account with what was declared for it")
		}
		return nil, errors.Join(fmt.Errorf("log in as %s: %w", a.User, err), ignoreClosed(conn.Close()))
	}
	return &Client{ssh: ssh.NewClient(c, channels, requests), wire: wire}, nil
}

// Close ends the connection.
func (c *Client) Close() error { return ignoreClosed(c.ssh.Close()) }

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// CommandError is a command that ran and failed.
type CommandError struct {
	Status int
	// Complaint is the beginning of what it wrote to its error stream.
	Complaint string
}

// Error implements error. It shows the first line of the complaint.
func (e *CommandError) Error() string {
	line, _, _ := strings.Cut(e.Complaint, "\n")
	if line == "" {
		return fmt.Sprintf("exit status %d", e.Status)
	}
	return fmt.Sprintf("exit status %d: %s", e.Status, line)
}

// Complain makes the error of a command that failed with the given text on its
// error stream.
func Complain(status int, text []byte) *CommandError {
	return &CommandError{Status: status, Complaint: strings.ToValidUTF8(string(bytes.TrimSpace(text)), "?")}
}

// Run runs one command line and returns what it wrote to its output, and to its
// error stream if joined. The line must be a constant of the program: it goes
// through the shell of the host. More than limit bytes are an error.
func (c *Client) Run(ctx context.Context, line string, joined bool, limit int64) ([]byte, error) {
	session, err := c.ssh.NewSession()
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	defer session.Close()
	ctx, cancel := context.WithTimeout(ctx, CommandTimeout)
	defer cancel()
	// Many hosts take these two from a client; where not, they speak as they do.
	for _, name := range [...]string{"LC_ALL", "LANG"} {
		if err := session.Setenv(name, "C"); err != nil {
			break
		}
	}
	output, complaint := &capped{limit: limit}, &capped{limit: maxErrorBytes, drop: true}
	tooMuch := make(chan struct{})
	output.full = sync.OnceFunc(func() { close(tooMuch) })
	session.Stdout, session.Stderr = output, complaint
	if joined {
		session.Stderr = output
	}
	if err := session.Start(line); err != nil {
		return nil, fmt.Errorf("start the command: %w", err)
	}
	// A host need not end a command whose session is closed, so nobody waits for
	// that: the connection's end ends this goroutine at the latest.
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err = <-ended:
	case <-tooMuch:
		return nil, fmt.Errorf("wrote more than %d bytes", limit)
	case <-ctx.Done():
		return nil, fmt.Errorf("did not end in time: %w", ctx.Err())
	}
	if output.over() {
		return nil, fmt.Errorf("wrote more than %d bytes", limit)
	}
	var exit *ssh.ExitError
	if errors.As(err, &exit) {
		return output.kept.Bytes(), Complain(exit.ExitStatus(), complaint.kept.Bytes())
	}
	return output.kept.Bytes(), err
}

// capped keeps the first bytes of a stream. One may receive both streams of a
// session, which the library writes from one goroutine each. The buffer is not
// embedded: its ReadFrom would know no limit.
type capped struct {
	kept  bytes.Buffer
	limit int64
	drop  bool
	cut   bool
	full  func()
	lock  sync.Mutex
}

func (c *capped) over() bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.cut
}

func (c *capped) Write(p []byte) (int, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	room := c.limit - int64(c.kept.Len())
	if int64(len(p)) <= room {
		return c.kept.Write(p)
	}
	c.kept.Write(p[:room])
	if c.drop {
		return len(p), nil
	}
	c.cut = true
	c.full()
	return 0, io.ErrShortWrite
}

// Terminal opens an interactive shell on a terminal of the given width. What
// the host writes to either stream arrives in the returned one. Closing it ends
// the shell.
func (c *Client) Terminal(columns int) (io.ReadWriteCloser, error) {
	session, err := c.ssh.NewSession()
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	fail := func(what string, err error) (io.ReadWriteCloser, error) {
		return nil, errors.Join(fmt.Errorf("%s: %w", what, err), ignoreClosed(session.Close()))
	}
	if err := session.RequestPty("vt100", 2000, columns, ssh.TerminalModes{ssh.ECHO: 1}); err != nil {
		return fail("ask for a terminal", err)
	}
	in, err := session.StdinPipe()
	if err != nil {
		return fail("ask for a shell", err)
	}
	out, err := session.StdoutPipe()
	if err != nil {
		return fail("ask for a shell", err)
	}
	if err := session.Shell(); err != nil {
		return fail("ask for a shell", err)
	}
	return &terminal{Reader: out, Writer: in, session: session}, nil
}

type terminal struct {
	io.Reader
	io.Writer
	session *ssh.Session
}

func (t *terminal) Close() error {
	if err := t.session.Close(); err != nil && !errors.Is(err, io.EOF) {
		return ignoreClosed(err)
	}
	return nil
}

// Files opens the file system of the host. It is read-only: nothing in this
// package writes.
func (c *Client) Files() (*Files, error) {
	var client *sftp.Client
	err := c.within(func() (err error) {
		client, err = sftp.NewClient(c.ssh)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open sftp: %w", err)
	}
	return &Files{client: client, host: c}, nil
}

// within runs one operation. When it hangs, the connection ends, since SFTP has
// no other way to be interrupted.
func (c *Client) within(operation func() error) error {
	hung := make(chan struct{})
	timer := time.AfterFunc(fileTimeout, func() {
		close(hung)
		c.ssh.Close()
	})
	err := operation()
	if !timer.Stop() {
		select {
		case <-hung:
			return fmt.Errorf("did not answer within %s: %w", fileTimeout, context.DeadlineExceeded)
		default:
		}
	}
	return err
}
