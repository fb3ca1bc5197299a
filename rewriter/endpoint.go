// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Endpoint is a DNS name and a TCP port, the unit in which a proxy map speaks.
// Host is lower case without a trailing dot; the zero value names nothing.
type Endpoint struct {
	Host string
	Port int
}

// String gives host:port; the port is always written.
func (e Endpoint) String() string {
	return net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
}

// Origin gives the web origin (RFC 6454) of the endpoint served over TLS: the
// default port 443 is left out, as browsers do.
func (e Endpoint) Origin() string {
	if e.Port == 443 {
		return "https://" + e.Host
	}
	return "https://" + e.String()
}

// ParseEndpoint reads host:port strictly: a DNS name of at least two labels in
// letters, digits and hyphens, and a decimal port from 1 to 65535 without leading
// zeros. Addresses, schemes, paths, trailing dots and a missing port are errors.
// The host is returned in lower case.
func ParseEndpoint(s string) (Endpoint, error) {
	host, port, found := strings.Cut(s, ":")
	if !found {
		return Endpoint{}, fmt.Errorf("%q: no port", clip(s))
	}
	number, err := parsePort(port)
	if err != nil {
		return Endpoint{}, fmt.Errorf("%q: %w", clip(s), err)
	}
	host = asciiLower(host)
	if err := validHost(host); err != nil {
		return Endpoint{}, fmt.Errorf("%q: %w", clip(s), err)
	}
	return Endpoint{Host: host, Port: number}, nil
}

func parsePort(s string) (int, error) {
	if s == "" || len(s) > 5 || s[0] == '0' {
		return 0, errors.New("port is not a number from 1 to 65535")
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, errors.New("port is not a number from 1 to 65535")
		}
		n = n*10 + int(s[i]-'0')
	}
	if n > 65535 {
		return 0, errors.New("port is not a number from 1 to 65535")
	}
	return n, nil
}

// validHost accepts lower-case DNS names only. A last label of digits alone would
// let an IPv4 literal pass for a name (RFC 3986 section 3.2.2).
func validHost(host string) error {
	if host == "" {
		return errors.New("empty host")
	}
	if len(host) > 253 {
		return errors.New("host is longer than 253 bytes")
	}
	labels := 0
	for rest := host; ; labels++ {
		label, tail, more := strings.Cut(rest, ".")
		if err := validLabel(label); err != nil {
			return err
		}
		if !more {
			if allDigits(label) {
				return errors.New("host is an address, not a name")
			}
			break
		}
		rest = tail
	}
	if labels == 0 {
		return errors.New("host has a single label")
	}
	return nil
}

func validLabel(label string) error {
	if label == "" {
		return errors.New("host has an empty label")
	}
	if len(label) > 63 {
		return errors.New("host has a label longer than 63 bytes")
	}
	if label[0] == '-' || label[len(label)-1] == '-' {
		return errors.New("host has a label that begins or ends with a hyphen")
	}
	for i := 0; i < len(label); i++ {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("host has the byte %q", c)
		}
	}
	return nil
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// asciiLower folds A-Z only: Unicode folding would turn the Kelvin sign into a k.
// It allocates nothing when there is nothing to fold.
func asciiLower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				b[i] = lowerByte(b[i])
			}
			return string(b)
		}
	}
	return s
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// asciiEqualFold compares without regard to the case of A-Z.
func asciiEqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

// clip bounds hostile text quoted in an error.
func clip(s string) string {
	const limit = 80
	if len(s) > limit {
		return s[:limit] + "..."
	}
	return s
}
