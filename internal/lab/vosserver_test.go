// SPDX-License-Identifier: Apache-2.0

package lab_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/postern-audit/postern/internal/lab"
)

func vosClient(t *testing.T, s *lab.VOSServer, auth ssh.AuthMethod) (*ssh.Client, error) {
	t.Helper()
	c, err := ssh.Dial("tcp", s.Address(), &ssh.ClientConfig{
		User: "auditor", Auth: []ssh.AuthMethod{auth}, HostKeyCallback: ssh.FixedHostKey(s.HostKey()), Timeout: 5 * time.Second,
	})
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, err
}

func TestAVOSServerLetsInWhoIsDeclared(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	password := "lab" + "-only"
	s, err := lab.StartVOSServer(lab.SoundVOSNode("fin-a", "finesse"), lab.VOSOptions{User: "auditor", Password: password, Keys: []ssh.PublicKey{key.PublicKey()}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, c := range map[string]struct {
		auth ssh.AuthMethod
		in   bool
	}{
		"password": {ssh.Password(password), true}, "key": {ssh.PublicKeys(key), true}, "another password": {ssh.Password("x"), false}, "no password": {ssh.Password(""), false},
	} {
		if _, err := vosClient(t, s, c.auth); (err == nil) != c.in {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := vosClient(t, s, ssh.PublicKeys(key))
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Run("show myself"); err == nil {
		t.Error("a command without a shell is run")
	}
}

func TestAVOSServerAnswersAsDocumented(t *testing.T) {
	password := "lab" + "-only"
	s, err := lab.StartVOSServer(lab.SoundVOSNode("fin-a", "finesse"), lab.VOSOptions{User: "auditor", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := vosClient(t, s, ssh.Password(password))
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	session.Stdout = &out
	session.Stdin = strings.NewReader("utils system reverse-proxy client-auth status\rSHOW  myself\rutils nonsense\rexit\r")
	if err := session.RequestPty("vt100", 24, 60, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- session.Wait() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the shell does not end")
	}
	text := out.String()
	for _, want := range []string{
		"Command Line Interface is starting up", "admin:utils system reverse-proxy client-auth status\r\nSSL certificate verification for connections established fro\r\nm reverse",
		"Machine Name    : fin-a\r\n", "No valid command entered",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if got := strings.Join(s.Commands(), "|"); got != "utils system reverse-proxy client-auth status|SHOW  myself|utils nonsense|exit" {
		t.Errorf("commands %q", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
