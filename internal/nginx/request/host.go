// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strings"

	"github.com/postern-audit/postern/internal/automata"
)

// nameOf makes of a name of the handshake the one that a server is looked for with: in
// small letters, without a final dot and a port.
func nameOf(sent string) automata.Transducer {
	name, _ := validHost(sent)
	switch {
	case len(name) == len(sent):
		return lowered{}
	case sent[0] == '[' && strings.Contains(sent, "]"):
		return hostName{closed: true}
	case sent[0] == '[':
		return hostName{dot: true}
	case strings.HasSuffix(name, "."): // the port has a dot, so that this one stays
		return hostName{port: true}
	}
	return hostName{port: true, dot: true}
}

// hostName leaves out what follows a name: a port, a final dot, or what stands behind a
// closing bracket.
type hostName struct{ port, dot, closed bool }

// The states of hostName.
const (
	inHost = iota
	behindDot
	behindHost
)

func (h hostName) Name() string {
	out := "host"
	for _, part := range []struct {
		is   bool
		name string
	}{{h.port, " port"}, {h.dot, " dot"}, {h.closed, " bracket"}} {
		if part.is {
			out += part.name
		}
	}
	return out
}

func (h hostName) Step(state int, b byte) (string, int, bool) {
	before := ""
	if state == behindDot {
		before = "."
	}
	switch {
	case state == behindHost:
		return "", behindHost, true
	case h.port && b == ':':
		return "", behindHost, true
	case h.closed && b == ']':
		return "]", behindHost, true
	case h.dot && b == '.':
		return before, behindDot, true
	}
	out, _, _ := lowered{}.Step(0, b)
	return before + out, inHost, true
}

func (hostName) Finish(int) (string, bool) { return "", true }
