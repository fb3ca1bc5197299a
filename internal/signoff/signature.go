// SPDX-License-Identifier: Apache-2.0

package signoff

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Sign signs a document with a private key in OpenSSH or PEM form and returns
// the armored signature. The document must be canonical.
func Sign(document, privateKey, passphrase []byte) ([]byte, error) {
	if _, err := Decode(document); err != nil {
		return nil, err
	}
	var signer ssh.Signer
	var err error
	if len(passphrase) > 0 {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(privateKey, passphrase)
	} else {
		signer, err = ssh.ParsePrivateKey(privateKey)
	}
	var missing *ssh.PassphraseMissingError
	if errors.As(err, &missing) {
		return nil, errors.New("the key is protected: name a file with its passphrase (--passphrase-file)")
	}
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	sig, err := sshsig.SignWithRand(bytes.NewReader(document), rand.Reader, signer, sshsig.HashSHA512, Namespace)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return sshsig.Armor(sig), nil
}

// Signer is one principal of an allowed-signers file (ssh-keygen(1)).
type Signer struct {
	Principals  []string
	Key         ssh.PublicKey
	Namespaces  []string
	ValidAfter  time.Time
	ValidBefore time.Time
	Line        int
}

// ParseAllowedSigners reads an allowed-signers file. An option that is not
// understood is an error, since ignoring it would allow too much.
func ParseAllowedSigners(text []byte) ([]Signer, error) {
	var signers []Signer
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		principals, rest, ok := strings.Cut(line, " ")
		if !ok {
			return nil, fmt.Errorf("allowed signers:%d: want \"PRINCIPALS [OPTIONS] KEYTYPE KEY\"", n+1)
		}
		key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(strings.TrimSpace(rest)))
		if err != nil {
			return nil, fmt.Errorf("allowed signers:%d: %w", n+1, err)
		}
		s := Signer{Principals: strings.Split(strings.Trim(principals, `"`), ","), Key: key, Line: n + 1}
		for _, o := range options {
			name, value, _ := strings.Cut(o, "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "namespaces":
				s.Namespaces = strings.Split(value, ",")
			case "valid-after":
				s.ValidAfter, err = parseTimestamp(value)
			case "valid-before":
				s.ValidBefore, err = parseTimestamp(value)
			default:
				err = fmt.Errorf("option %q is not supported", name)
			}
			if err != nil {
				return nil, fmt.Errorf("allowed signers:%d: %w", n+1, err)
			}
		}
		signers = append(signers, s)
	}
	return signers, nil
}

// parseTimestamp reads YYYYMMDD[HHMM[SS]], in UTC with a Z at the end; without
// it ssh-keygen takes local time, which would not be the same everywhere.
func parseTimestamp(s string) (time.Time, error) {
	digits, utc := strings.CutSuffix(s, "Z")
	if !utc {
		return time.Time{}, fmt.Errorf("instant %q is in local time: end it with Z for UTC", s)
	}
	for _, layout := range [...]string{"20060102", "200601021504", "20060102150405"} {
		if t, err := time.Parse(layout, digits); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("instant %q is none of YYYYMMDD[HHMM[SS]]Z", s)
}

// VerifyOptions say what makes a sign-off valid.
type VerifyOptions struct {
	// Required is the number of distinct principals; less than 2 means 2.
	Required int
	// At is the instant that validity is judged at.
	At time.Time
	// Bundle and Result, when not nil, must have the digests that were signed.
	Bundle, Result []byte
}

// InvalidError says why a sign-off does not hold.
type InvalidError struct{ Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "sign-off is not valid: " + e.Reason }

// Verify returns the principals whose signatures hold, or an InvalidError.
// Every signature that is given must hold: a broken one is never overlooked.
func Verify(document []byte, signatures [][]byte, signers []Signer, o VerifyOptions) (*Document, []string, error) {
	invalid := func(format string, args ...any) (*Document, []string, error) {
		return nil, nil, &InvalidError{fmt.Sprintf(format, args...)}
	}
	d, err := Decode(document)
	if err != nil {
		return invalid("%v", err)
	}
	until, err := time.Parse(time.RFC3339, d.ValidUntil)
	if err != nil {
		return invalid("valid_until %q is no instant", d.ValidUntil)
	}
	if o.At.After(until) {
		return invalid("it ended at %s", d.ValidUntil)
	}
	if o.Bundle != nil && digest(o.Bundle) != d.Bundle {
		return invalid("the bundle is not the one that was signed")
	}
	if o.Result != nil && digest(o.Result) != d.Result {
		return invalid("the result is not the one that was signed")
	}
	required := max(o.Required, 2)
	var who []string
	seen := map[string]bool{}
	for i, armored := range signatures {
		principal, key, err := verifyOne(document, armored, signers, o.At)
		if err != nil {
			return invalid("signature %d: %v", i+1, err)
		}
		// One person with two keys, or one key under two names, is one signer.
		if !seen["principal "+principal] && !seen["key "+key] {
			who = append(who, principal)
		}
		seen["principal "+principal], seen["key "+key] = true, true
	}
	if len(who) < required {
		return invalid("%d distinct signer(s), %d are required", len(who), required)
	}
	return d, who, nil
}

func verifyOne(document, armored []byte, signers []Signer, at time.Time) (principal, key string, err error) {
	sig, err := sshsig.Unarmor(armored)
	if err != nil {
		return "", "", fmt.Errorf("not an SSH signature: %w", err)
	}
	if sig.Namespace != Namespace {
		return "", "", fmt.Errorf("made for %q, not for %q", sig.Namespace, Namespace)
	}
	if err := sshsig.Verify(bytes.NewReader(document), sig, sig.PublicKey, sig.HashAlgorithm, Namespace); err != nil {
		return "", "", err
	}
	for _, s := range signers {
		if !bytes.Equal(s.Key.Marshal(), sig.PublicKey.Marshal()) {
			continue
		}
		switch {
		case len(s.Namespaces) > 0 && !matchesAny(s.Namespaces, Namespace):
			err = fmt.Errorf("%s may not sign for %s", s.Principals[0], Namespace)
		case !s.ValidAfter.IsZero() && at.Before(s.ValidAfter):
			err = fmt.Errorf("the key of %s is not valid yet", s.Principals[0])
		case !s.ValidBefore.IsZero() && at.After(s.ValidBefore):
			err = fmt.Errorf("the key of %s is no longer valid", s.Principals[0])
		default:
			return s.Principals[0], string(s.Key.Marshal()), nil
		}
	}
	if err != nil {
		return "", "", err
	}
	return "", "", fmt.Errorf("key %s is not among the allowed signers", ssh.FingerprintSHA256(sig.PublicKey))
}

func matchesAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(strings.TrimSpace(p), name); err == nil && ok {
			return true
		}
	}
	return false
}
