// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Access says how one host lets us in. Secrets stand in files or environment
// variables; files are paths on this machine.
type Access struct {
	User          string
	IdentityFile  string
	PassphraseEnv string
	PasswordFile  string
	PasswordEnv   string
	// KnownHostsFile is in the format of OpenSSH's known_hosts and required.
	KnownHostsFile string
	// Getenv reads the environment; nil means that there is none.
	Getenv func(string) string
}

// maxSecretBytes bounds the files of credentials.
const maxSecretBytes = 64 << 10

// config makes the client's side of the handshake with a host, which known_hosts
// names as host:port. No error of it holds a secret.
func (a Access) config(host string) (*ssh.ClientConfig, error) {
	if a.KnownHostsFile == "" {
		return nil, errors.New("known_hosts is not declared: without it nobody knows who answers")
	}
	verify, err := knownhosts.New(a.KnownHostsFile)
	if err != nil {
		return nil, fmt.Errorf("the known_hosts file that is declared: %w", withoutPath(err))
	}
	algorithms := knownAlgorithms(verify, host)
	if len(algorithms) == 0 {
		return nil, fmt.Errorf("known_hosts has no key of %s; add the line that \"ssh-keyscan\" prints, once its fingerprint is confirmed", host)
	}
	auth, err := a.methods()
	if err != nil {
		return nil, err
	}
	return &ssh.ClientConfig{
		User: a.User, Auth: auth, HostKeyCallback: verify, HostKeyAlgorithms: algorithms, Timeout: handshakeTimeout,
		ClientVersion: "SSH-2.0-postern",
	}, nil
}

// knownAlgorithms lists the host-key algorithms that known_hosts can confirm.
// Without it a host that prefers a key of another kind would look like a
// stranger.
func knownAlgorithms(verify ssh.HostKeyCallback, host string) []string {
	var stranger *knownhosts.KeyError
	if err := verify(host, &net.TCPAddr{IP: net.IPv4zero}, placeholderKey{}); !errors.As(err, &stranger) {
		return nil
	}
	var out []string
	for _, known := range stranger.Want {
		for _, algorithm := range signatureAlgorithms(known.Key.Type()) {
			if !slices.Contains(out, algorithm) {
				out = append(out, algorithm)
			}
		}
	}
	return out
}

// signatureAlgorithms lists how a host proves a key of a type; RSA with SHA-1 is
// not among them.
func signatureAlgorithms(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{keyType}
}

// placeholderKey matches no key, so that the callback says which ones it knows.
type placeholderKey struct{}

func (placeholderKey) Type() string                        { return "placeholder" }
func (placeholderKey) Marshal() []byte                     { return nil }
func (placeholderKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }

func (a Access) methods() ([]ssh.AuthMethod, error) {
	var methods []ssh.AuthMethod
	if a.IdentityFile != "" {
		signer, err := a.signer()
		if err != nil {
			return nil, fmt.Errorf("the identity file that is declared: %w", err)
		}
		methods = append(methods, ssh.PublicKeys(signer))
	}
	password, declared, err := a.password()
	if err != nil {
		return nil, err
	}
	if declared {
		methods = append(methods, ssh.Password(password), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, echoes []bool) ([]string, error) {
				// Only a question that hides its answer is one for the password.
				answers := make([]string, len(questions))
				for i := range questions {
					if echoes[i] {
						return nil, errors.New("the host asks for more than a password")
					}
					answers[i] = password
				}
				return answers, nil
			}))
	}
	if len(methods) == 0 {
		return nil, errors.New("neither identity nor password_file nor password_env is declared")
	}
	return methods, nil
}

func (a Access) signer() (ssh.Signer, error) {
	text, err := readSecret(a.IdentityFile)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		passphrase := a.env(a.PassphraseEnv)
		if passphrase == "" {
			return nil, errors.New("the key has a passphrase, and passphrase_env names no variable that holds it")
		}
		signer, err = ssh.ParsePrivateKeyWithPassphrase(text, []byte(passphrase))
	}
	if err != nil {
		// The library's text may quote what it read.
		return nil, errors.New("the file is no private key that can be read, or its passphrase is wrong")
	}
	return signer, nil
}

func (a Access) password() (text string, declared bool, err error) {
	switch {
	case a.PasswordFile != "":
		raw, err := readSecret(a.PasswordFile)
		if err != nil {
			return "", false, fmt.Errorf("the password_file that is declared: %w", err)
		}
		line, _, _ := bytes.Cut(raw, []byte("\n"))
		text = strings.TrimRight(string(line), "\r")
	case a.PasswordEnv != "":
		text = a.env(a.PasswordEnv)
	default:
		return "", false, nil
	}
	if text == "" {
		return "", false, errors.New("the password that is declared is empty")
	}
	return text, true, nil
}

func (a Access) env(name string) string {
	if a.Getenv == nil || name == "" {
		return ""
	}
	return a.Getenv(name)
}

func readSecret(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecretBytes+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(text) > maxSecretBytes {
		return nil, fmt.Errorf("is longer than %d bytes", maxSecretBytes)
	}
	return text, nil
}

// withoutPath drops the path of this machine: the gap names the key of the site
// file instead.
func withoutPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
