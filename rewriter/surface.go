// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// SurfaceSchema is the only schema name that ParseSurface accepts.
const SurfaceSchema = "postern.surface/v1"

const maxSurfaceBytes = 1 << 20

// Auth says what an allowed path expects of its caller. The rewriter reports it in
// each Decision and leaves the proof of identity to the upstream.
type Auth string

// The classes of Auth.
const (
	AuthPublic Auth = "public" // static or anonymous by design
	AuthAgent  Auth = "auth"   // an agent's credentials
	AuthFlow   Auth = "flow"   // part of logging in, so before credentials exist
	AuthSource Auth = "source" // no login: the address of the client decides
)

// Surface is the closed world of requests that may reach an upstream:
//
//	allowed = union of (paths x methods) of the component, minus every closed path
//
// The zero value allows nothing. Extends, Open and Remove are for a surface that
// changes another one; ReadSurface resolves them, and what it returns has none.
type Surface struct {
	Schema     string      `yaml:"schema"`
	Name       string      `yaml:"name"`
	Extends    string      `yaml:"extends"` // name of the surface that this one changes
	Components []Component `yaml:"components"`
	Closed     []Closed    `yaml:"closed"` // refused on every component
	Open       []Closed    `yaml:"open"`   // no longer closed on every component
}

// Component is one kind of upstream. Ports lists internal ports that belong to this
// kind alone, so that a proxy map entry needs no further declaration; on SharedPorts
// others answer too, so that it does.
type Component struct {
	Name        string   `yaml:"name"`
	Ports       []int    `yaml:"ports"`
	SharedPorts []int    `yaml:"shared_ports"`
	Paths       []Path   `yaml:"paths"`
	Remove      []string `yaml:"remove"` // templates that are no longer allowed
	Closed      []Closed `yaml:"closed"`
	Open        []Closed `yaml:"open"` // no longer closed
}

// Path is an allowed path template. Methods are exact; nothing is implied, so HEAD
// is listed where HEAD is meant. WebSocket permits an upgrade in addition to plain
// requests.
type Path struct {
	Template  string   `yaml:"path"`
	Methods   []string `yaml:"methods"`
	Auth      Auth     `yaml:"auth"`
	WebSocket bool     `yaml:"websocket"`
}

// Closed is a path template that is refused for all methods even where a wider Path
// allows it. Why is for people, and Edge for auditors of a gate that fetches the path
// from itself: the reference has no need to, and refuses it like any other.
type Closed struct {
	Template string `yaml:"path"`
	Why      string `yaml:"why"`
	Edge     bool   `yaml:"edge"`
}

// ParseSurface reads a whole surface strictly: one YAML document, no unknown or
// repeated key, and everything that Validate demands. One that extends another is
// read by ReadSurface.
func ParseSurface(r io.Reader) (Surface, error) {
	s, err := decodeSurface(r)
	if err != nil {
		return Surface{}, err
	}
	if s.Extends != "" {
		return Surface{}, fmt.Errorf("surface: it extends %q, which is not at hand", clip(s.Extends))
	}
	return extend(Surface{}, s)
}

func decodeSurface(r io.Reader) (Surface, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSurfaceBytes+1))
	if err != nil {
		return Surface{}, fmt.Errorf("surface: %w", err)
	}
	if len(data) > maxSurfaceBytes {
		return Surface{}, fmt.Errorf("surface: larger than %d bytes", maxSurfaceBytes)
	}
	var s Surface
	if err := decodeStrict(data, &s); err != nil {
		return Surface{}, fmt.Errorf("surface: %w", err)
	}
	return s, nil
}

// decodeStrict decodes exactly one YAML document without unknown keys.
func decodeStrict(data []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("empty document")
		}
		return err
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}

// Validate reports every fault of the surface: wrong schema, unnamed or repeated
// components, templates outside the grammar, empty or unknown methods and classes,
// a port claimed twice, a template repeated with the same method.
func (s Surface) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("surface: "+format, args...))
	}
	if s.Schema != SurfaceSchema {
		fault("schema is %q, want %q", clip(s.Schema), SurfaceSchema)
	}
	if s.Name == "" {
		fault("no name")
	}
	closed := func(place string, list []Closed) {
		for _, c := range list {
			if _, err := compileTemplate(c.Template, true); err != nil {
				fault("%sclosed %w", place, err)
			}
		}
	}
	closed("", s.Closed)
	names, ports := map[string]bool{}, map[int]string{}
	for _, c := range s.Components {
		if validLabel(c.Name) != nil || names[c.Name] {
			fault("component name %q is empty, repeated or not a plain word", clip(c.Name))
		}
		names[c.Name] = true
		for _, port := range c.Ports {
			if port < 1 || port > 65535 {
				fault("%s: port %d", c.Name, port)
			}
			if owner, taken := ports[port]; taken {
				fault("%s: port %d already belongs to %s", c.Name, port, owner)
			}
			ports[port] = c.Name
		}
		for _, port := range c.SharedPorts {
			if port < 1 || port > 65535 || slices.Contains(c.Ports, port) {
				fault("%s: shared port %d", c.Name, port)
			}
		}
		seen := map[string]bool{}
		for _, p := range c.Paths {
			if err := p.validate(seen); err != nil {
				fault("%s: %w", c.Name, err)
			}
		}
		closed(c.Name+": ", c.Closed)
	}
	return errors.Join(faults...)
}

// surfaceMethods are the methods a surface may open. CONNECT and TRACE are absent
// on purpose: no surface can open them.
var surfaceMethods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}

func (p Path) validate(seen map[string]bool) error {
	if _, err := compileTemplate(p.Template, false); err != nil {
		return err
	}
	if len(p.Methods) == 0 {
		return fmt.Errorf("%s: no methods", p.Template)
	}
	for _, method := range p.Methods {
		if !slices.Contains(surfaceMethods, method) {
			return fmt.Errorf("%s: method %q", p.Template, clip(method))
		}
		if key := method + " " + p.Template; seen[key] {
			return fmt.Errorf("%s: listed twice for %s", p.Template, method)
		} else {
			seen[key] = true
		}
	}
	if p.WebSocket && !slices.Contains(p.Methods, "GET") {
		return fmt.Errorf("%s: websocket without GET", p.Template)
	}
	switch p.Auth {
	case AuthPublic, AuthAgent, AuthFlow, AuthSource:
		return nil
	}
	return fmt.Errorf("%s: auth %q is not public, auth, flow or source", p.Template, clip(string(p.Auth)))
}
