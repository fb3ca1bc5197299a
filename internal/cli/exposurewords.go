// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/surface"
)

// What may be wrong with a way, beside its class.
const (
	unnamedProblem = "unnamed"         // the host is none of the gate's names
	openProblem    = "unauthenticated" // nobody asks who the client is
	escapeProblem  = "escape"          // a file from outside of its folder
)

// problems lists what is wrong with a way, the worst first.
func problems(w exposure.Way) []string {
	out := []string{}
	if w.Class != exposure.Allowed {
		out = append(out, string(w.Class))
	}
	if w.Credentials && !w.Authenticated() {
		out = append(out, openProblem)
	}
	if w.Unnamed {
		out = append(out, unnamedProblem)
	}
	return out
}

// problemWords are whole sentences for problems.
var problemWords = map[string]string{
	string(exposure.Closed):     "a closed path reaches its upstream",
	string(exposure.Chosen):     "the client chooses the upstream",
	string(exposure.Outside):    "a path that the surface does not list reaches an upstream",
	string(exposure.Ambiguous):  "a path that upstreams read in more than one way is forwarded",
	string(exposure.Tunnel):     "an upstream may turn the connection into a tunnel, behind which it gets whatever the client sends",
	string(exposure.MethodOpen): "a method that the surface does not list reaches an upstream",
	string(exposure.Unassigned): "the surface does not say what stands behind this upstream",
	openProblem:                 "a path for agents is open without credentials",
	unnamedProblem:              "a host that is none of the gate's names is served",
	escapeProblem:               "a file from outside of its folder is answered",
}

// problemText says in one sentence what is wrong; empty for what is allowed.
func problemText(w proofWay) string {
	parts := make([]string, len(w.Problems))
	for i, p := range w.Problems {
		parts[i] = problemWords[p]
	}
	text := strings.Join(parts, ", and ")
	switch {
	case w.Class == string(exposure.Closed) && w.Why != "":
		text += fmt.Sprintf(": %s (%s)", w.Template, w.Why)
	case w.Class == string(exposure.Ambiguous) && w.Why != "":
		text += ": " + w.Why
	case w.Template != "" && text != "":
		text += ": " + w.Template
	}
	return text
}

// problemHint says what to change.
func problemHint(w proofWay, s *surface.Surface) string {
	if len(w.Problems) == 0 {
		return ""
	}
	location := "the location"
	switch {
	case w.Location != "":
		location += " at " + w.Location
	case w.Server != "":
		location = "the server at " + w.Server
	}
	switch w.Problems[0] {
	case string(exposure.Closed):
		return fmt.Sprintf("narrow %s to what the surface lists, or refuse %s in front of it", location, w.Template)
	case string(exposure.Chosen):
		return fmt.Sprintf("in %s, let the upstream be a name that no part of a request stands in", location)
	case string(exposure.Outside):
		return fmt.Sprintf("narrow %s to what the surface lists; what your site needs besides belongs into a surface of your own (--surface)", location)
	case string(exposure.Ambiguous):
		return "refuse targets that have another spelling, with an if or a map on $request_uri that knows plain paths only"
	case string(exposure.Tunnel):
		return fmt.Sprintf("let no Upgrade reach the upstream of %s: only WebSocket paths need it", location)
	case string(exposure.MethodOpen):
		return fmt.Sprintf("in %s, refuse every method but %s", location, strings.Join(methodsOf(s, w.Component, w.Template), ", "))
	case string(exposure.Unassigned):
		return "--site or --map say which node an address belongs to, and --surface adds what the node may be asked for"
	case openProblem:
		return fmt.Sprintf("guard %s as the others are, with auth_request or an access_by_lua script that refuses", location)
	case unnamedProblem:
		return fmt.Sprintf("let the server at %s list its hosts in full, and refuse all others in a default_server of %s: return 444, and ssl_reject_handshake on", w.Server, w.Socket)
	case escapeProblem:
		return fmt.Sprintf("in %s, let both the prefix and its alias end in a slash", location)
	}
	return ""
}

// methodsOf are the methods of an allowed template.
func methodsOf(s *surface.Surface, component, template string) (out []string) {
	c := s.Named(component)
	if c == nil {
		return nil
	}
	for _, p := range c.Paths {
		if p.Template.String() != template {
			continue
		}
		for _, m := range p.Methods {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// surfacePlace is a line of a surface.
func surfacePlace(p surface.Place) string { return fmt.Sprintf("%s:%d", p.Artifact, p.Line) }
