// SPDX-License-Identifier: Apache-2.0

package surface

import "slices"

// Auth says who has to vouch for the client of an allowed path.
type Auth string

// The classes of Auth.
const (
	AuthPublic Auth = "public"
	AuthAgent  Auth = "auth"
	AuthFlow   Auth = "flow"
	AuthSource Auth = "source"
)

// Values lists the members of the enumeration.
func (Auth) Values() []string {
	return []string{string(AuthPublic), string(AuthAgent), string(AuthFlow), string(AuthSource)}
}

// methods are those that a surface may open. CONNECT and TRACE are left out on
// purpose.
var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}

// Methods lists the methods that a surface may open: every other is refused
// everywhere.
func Methods() []string { return slices.Clone(methods) }

// Surface is what a gate may let through. The zero value lets nothing through.
type Surface struct {
	Name string
	// Artifacts are the files that it was read from: its own first, then the one that
	// it extends, and so on.
	Artifacts  []string
	Components []Component
	// Closed is refused on every component; Opened is what a file took away from it.
	Closed, Opened []Closed
}

// Component is one kind of upstream.
type Component struct {
	Name string
	// Ports are internal ports by which the component is known; no two components of
	// a surface share one. On SharedPorts it answers as well, as others do. A component
	// with neither has ports that only the customer knows.
	Ports, SharedPorts []int
	Paths              []Path
	// Closed is refused besides what the surface closes; Opened is what a file took
	// away from it.
	Closed, Opened []Closed
	// At is where it is listed first.
	At Place
}

// Path is an allowed template.
type Path struct {
	Template Template
	Methods  []string
	Auth     Auth
	// WebSocket permits an upgrade besides plain requests.
	WebSocket bool
	At        Place
}

// WantsCredentials reports whether a request of the path with a method is to show the
// credentials of an agent. A browser's preflight carries none, by the Fetch standard.
func (p Path) WantsCredentials(method string) bool {
	return p.Auth == AuthAgent && method != "OPTIONS"
}

// Closed is a template that is refused for all methods.
type Closed struct {
	Template Template
	// Why is for people.
	Why string
	// Edge is true of a path that the edge asks its own upstream for: its own
	// addresses may, and nobody else.
	Edge bool
	At   Place
}

// Place is a line of a file.
type Place struct {
	Artifact string
	Line     int
}

// Named returns the component of a name, or nil.
func (s *Surface) Named(name string) *Component {
	for i := range s.Components {
		if s.Components[i].Name == name {
			return &s.Components[i]
		}
	}
	return nil
}

// Find returns the component behind an internal port of a node, or nil where the
// surface does not say. A component is named for one node or for a role; the first
// decides. Without a role, or with one under which several components share a host,
// the port decides. A component that lists ports answers on no other.
func (s *Surface) Find(node, role string, port int) *Component {
	for _, name := range [...]string{node, role} {
		if c := s.Named(name); c != nil && name != "" {
			if c.anywhere() || slices.Contains(c.Ports, port) || slices.Contains(c.SharedPorts, port) {
				return c
			}
			return nil
		}
	}
	if role != "" && role != coresident {
		return nil
	}
	for i := range s.Components {
		if slices.Contains(s.Components[i].Ports, port) {
			return &s.Components[i]
		}
	}
	return nil
}

// coresident is the role of a node that several components share.
const coresident = "uccx"

func (c *Component) anywhere() bool { return len(c.Ports)+len(c.SharedPorts) == 0 }

// Answer is what a surface says about one method and path.
type Answer struct {
	// Allow is true of what is in the surface.
	Allow bool
	// Path allows it, or is the first that would with another method.
	Path *Path
	// Closed refuses it.
	Closed *Closed
	// Plain is false of a path that has another spelling; it is refused.
	Plain bool
}

// Decide says whether a component may be asked for a raw path with a method. What is
// in no template has the answer Plain and nothing else.
func (s *Surface) Decide(c *Component, method, path string) Answer {
	if !Plain(path) {
		return Answer{}
	}
	for _, list := range [...][]Closed{c.Closed, s.Closed} {
		for i := range list {
			if list[i].Template.Match(path) {
				return Answer{Plain: true, Closed: &list[i]}
			}
		}
	}
	answer := Answer{Plain: true}
	for i := range c.Paths {
		p := &c.Paths[i]
		if !p.Template.Match(path) {
			continue
		}
		if slices.Contains(p.Methods, method) {
			return Answer{Plain: true, Allow: true, Path: p}
		}
		if answer.Path == nil {
			answer.Path = p
		}
	}
	return answer
}
