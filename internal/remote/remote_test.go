// SPDX-License-Identifier: Apache-2.0

//go:build linux

package remote_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/remote"
)

// server is a real OpenSSH server on loopback.
type server struct {
	dir, address, public string
	access               remote.Access
}

func startServer(t *testing.T) *server {
	t.Helper()
	dir := t.TempDir()
	s, err := lab.StartOpenSSH(dir)
	switch {
	case errors.Is(err, lab.ErrNotInstalled) && os.Getenv("CI") != "true":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return &server{dir, s.Address, s.PublicKey, remote.Access{User: s.User, IdentityFile: s.Identity, KnownHostsFile: s.KnownHosts}}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *server) connect(t *testing.T, a remote.Access) (*remote.Client, error) {
	t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := remote.Connect(context.Background(), conn, s.address, a)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

func TestARealServerIsReadOverSSH(t *testing.T) {
	s := startServer(t)
	c, err := s.connect(t, s.access)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a command's output", func(t *testing.T) {
		got, err := c.Run(context.Background(), "echo one; echo two >&2", false, 100)
		if err != nil || string(got) != "one\n" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("both streams joined", func(t *testing.T) {
		got, err := c.Run(context.Background(), "echo one; echo two >&2", true, 100)
		if err != nil || !strings.Contains(string(got), "one\n") || !strings.Contains(string(got), "two\n") {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("a command that fails keeps what it wrote", func(t *testing.T) {
		got, err := c.Run(context.Background(), "echo part; echo sorry >&2; exit 3", false, 100)
		var failed *remote.CommandError
		if !errors.As(err, &failed) || failed.Status != 3 || failed.Complaint != "sorry" || string(got) != "part\n" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("too much output ends the command", func(t *testing.T) {
		if _, err := c.Run(context.Background(), "yes", false, 1000); err == nil || !strings.Contains(err.Error(), "more than 1000 bytes") {
			t.Error(err)
		}
	})
	t.Run("a command that hangs ends with its deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if _, err := c.Run(ctx, "sleep 60", false, 100); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	t.Run("a terminal", func(t *testing.T) {
		terminal, err := c.Terminal(512)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(terminal, "stty size; exit\n"); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(terminal)
		if err != nil || !strings.Contains(string(text), " 512") {
			t.Errorf("%q, %v", text, err)
		}
		if err := terminal.Close(); err != nil {
			t.Error(err)
		}
	})
	files, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(s.dir, "tree")
	write(t, filepath.Join(tree, "a file; $(touch x).conf"), "hello")
	write(t, filepath.Join(tree, "sub", "b.conf"), "world")
	if err := os.Symlink("sub/b.conf", filepath.Join(tree, "link")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfifo", filepath.Join(tree, "pipe")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	below := strings.TrimPrefix(tree, "/")
	t.Run("files", func(t *testing.T) {
		for name, want := range map[string]string{"a file; $(touch x).conf": "hello", "sub/b.conf": "world", "link": "world"} {
			text, err := fs.ReadFile(files, below+"/"+name)
			if err != nil || string(text) != want {
				t.Errorf("%s: %q, %v", name, text, err)
			}
		}
		entries, err := fs.ReadDir(files, below)
		if err != nil || len(entries) != 4 {
			t.Errorf("%v, %v", entries, err)
		}
		real, err := files.RealPath(below + "/link")
		if want, _ := filepath.EvalSymlinks(filepath.Join(tree, "link")); err != nil || "/"+real != want {
			t.Errorf("%q, %v", real, err)
		}
		if _, err := files.Open(below + "/pipe"); err == nil {
			t.Error("a pipe opens")
		}
		if _, err := files.Stat(below + "/absent"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if _, err := files.Open("../etc/passwd"); !errors.Is(err, fs.ErrInvalid) {
			t.Error(err)
		}
	})
}

func TestNobodyIsTrustedWithoutHisKey(t *testing.T) {
	s := startServer(t)
	secret := "hunter-" + "seventeen"
	for _, c := range []struct {
		name   string
		access func(remote.Access) remote.Access
		want   string
	}{
		{"no known_hosts", func(a remote.Access) remote.Access { a.KnownHostsFile = ""; return a }, "known_hosts is not declared"},
		{"a host that it does not hold", func(a remote.Access) remote.Access {
			a.KnownHostsFile = filepath.Join(s.dir, "empty")
			write(t, a.KnownHostsFile, "")
			return a
		}, "known_hosts has no key of"},
		{"a host with another key", func(a remote.Access) remote.Access {
			text, err := os.ReadFile(s.access.KnownHostsFile)
			if err != nil {
				t.Fatal(err)
			}
			other, err := os.ReadFile(s.public)
			if err != nil {
				t.Fatal(err)
			}
			host, _, _ := strings.Cut(string(text), " ")
			a.KnownHostsFile = filepath.Join(s.dir, "wrong")
			write(t, a.KnownHostsFile, host+" "+string(other))
			return a
		}, "key mismatch"},
		{"no way to log in", func(a remote.Access) remote.Access { a.IdentityFile = ""; return a }, "neither identity nor password"},
		{"an identity that is none", func(a remote.Access) remote.Access {
			a.IdentityFile = filepath.Join(s.dir, "no-key")
			write(t, a.IdentityFile, "-----BEGIN "+"OPENSSH PRIVATE KEY-----\n"+secret+"\n")
			return a
		}, "no private key that can be read"},
		{"a password where only keys count", func(a remote.Access) remote.Access {
			a.IdentityFile, a.PasswordEnv = "", "AUDIT_PASSWORD"
			a.Getenv = func(string) string { return secret }
			return a
		}, "refuses the account"},
		{"an empty password", func(a remote.Access) remote.Access {
			a.IdentityFile, a.PasswordEnv, a.Getenv = "", "AUDIT_PASSWORD", func(string) string { return "" }
			return a
		}, "is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.connect(t, c.access(s.access))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v; want %q", err, c.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestAHostThatDoesNotSpeakEndsWithTheContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "password"), "x\n")
	write(t, filepath.Join(dir, "known_hosts"), "["+strings.Replace(l.Addr().String(), ":", "]:", 1)+" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err = remote.Connect(ctx, conn, l.Addr().String(), remote.Access{
		User: "auditor", PasswordFile: filepath.Join(dir, "password"), KnownHostsFile: filepath.Join(dir, "known_hosts"),
	})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}
