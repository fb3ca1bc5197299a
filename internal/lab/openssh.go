// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"time"
)

// OpenSSH is a real OpenSSH server on loopback that the current account enters
// by a key. It is for tests; the demo does without programs.
type OpenSSH struct {
	// Address is where it listens.
	Address string
	// User, Identity and KnownHosts are what a client needs. known_hosts holds
	// one of the server's two keys only.
	User, Identity, KnownHosts string
	// PublicKey is the client's public key file.
	PublicKey string

	stop   context.CancelFunc
	exited chan struct{}
}

// ErrNotInstalled is wrapped by the error for a program that is absent.
var ErrNotInstalled = errors.New("is not installed")

// StartOpenSSH makes keys below dir and starts the server.
func StartOpenSSH(dir string) (*OpenSSH, error) {
	const sshd, keygen = "/usr/sbin/sshd", "/usr/bin/ssh-keygen"
	for _, name := range [...]string{sshd, keygen} {
		if _, err := os.Stat(name); err != nil {
			return nil, fmt.Errorf("%s %w", name, ErrNotInstalled)
		}
	}
	if os.Geteuid() == 0 {
		// As root, sshd wants the folder that its service would make.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			return nil, fmt.Errorf("lab: %w", err)
		}
	}
	me, err := user.Current()
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, kind := range map[string]string{"host_ed25519": "ed25519", "host_ecdsa": "ecdsa", "client": "ed25519"} {
		if out, err := exec.Command(keygen, "-q", "-t", kind, "-N", "", "-f", file(name)).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("lab: ssh-keygen: %w: %s", err, out)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	public, err := os.ReadFile(file("host_ed25519.pub"))
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	config := fmt.Sprintf("ListenAddress %s\nHostKey %s\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nStrictModes no\nUsePAM no\n"+
		"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n",
		address, file("host_ecdsa"), file("host_ed25519"), file("client.pub"))
	if err := errors.Join(
		writeNew(file("sshd_config"), []byte(config), 0o600),
		writeNew(file("known_hosts"), []byte("[127.0.0.1]:"+port+" "+string(public)), 0o600),
	); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, sshd, "-D", "-e", "-f", file("sshd_config"))
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		stop()
		return nil, fmt.Errorf("lab: %w", err)
	}
	s := &OpenSSH{
		Address: address, User: me.Username, Identity: file("client"), KnownHosts: file("known_hosts"), PublicKey: file("client.pub"),
		stop: stop, exited: make(chan struct{}),
	}
	go func() {
		_ = cmd.Wait() // it ends because it was told to
		close(s.exited)
	}()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			return s, conn.Close()
		}
		select {
		case <-s.exited:
			return nil, fmt.Errorf("lab: sshd ended: %s", log.String())
		default:
		}
		if time.Now().After(deadline) {
			s.Close()
			return nil, errors.New("lab: sshd does not listen")
		}
	}
}

// Close ends the server.
func (s *OpenSSH) Close() {
	s.stop()
	<-s.exited
}
