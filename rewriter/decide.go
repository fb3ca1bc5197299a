// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Field is one header line, its name as sent.
type Field struct {
	Name  string
	Value string
}

// Request is what arrived, before anyone interpreted it. Fields holds every header
// line in order, Host lines included; for HTTP/2 the caller adds :authority as a
// Host line and :path is the target.
type Request struct {
	Method     string
	Target     string
	Proto      string // "HTTP/1.0", "HTTP/1.1" or "HTTP/2.0"
	Fields     []Field
	ServerName string // from the TLS ClientHello, empty without one
	Port       int    // port of the listener as the outside names it
	Plain      bool   // arrived without TLS
}

// Decision is the answer of Decide. The zero value is no valid decision: it does not
// allow and names no reason.
type Decision struct {
	Allow     bool
	Reason    Reason   // empty when allowed
	Status    int      // of a refusal; see Reason.Status
	Component string   // whose surface matched, also set for refusals by the surface
	External  Endpoint // the host the client addressed
	Upstream  Endpoint // the internal endpoint to forward to
	Template  string   // the template that allowed, or closed, the path
	Methods   string   // of a path that is open for other methods: which, comma separated
	Auth      Auth
	WebSocket bool   // an upgrade that may be forwarded
	Path      string // raw path, exactly as it must be forwarded
	Query     string // raw query without '?'
}

// Node names the component behind an internal endpoint, where its port alone does
// not tell.
type Node struct {
	Internal  Endpoint
	Component string
}

// Policy is a compiled surface over a proxy map. It is immutable; the zero value
// refuses everything. Build it with NewPolicy.
type Policy struct {
	routes  map[string][]route // external host -> its ports, few
	origins map[string]struct{}
	limits  Limits
}

type route struct {
	external Endpoint
	upstream Endpoint
	surface  *componentSurface
}

type componentSurface struct {
	name   string
	open   []openPath
	closed []template
}

type openPath struct {
	template
	methods   []string
	auth      Auth
	websocket bool
}

// PolicyOptions refine NewPolicy; the zero value serves the whole map with the
// default limits.
type PolicyOptions struct {
	Nodes   []Node     // components of endpoints whose port does not tell
	Names   []Endpoint // external endpoints to serve; nil serves all
	Origins []string   // origins, besides the map's own, that may open a WebSocket
	Limits  Limits
}

// NewPolicy joins a surface to a proxy map. Every map entry must belong to exactly
// one component: by a Node, else by its internal port.
func NewPolicy(surface Surface, m Map, o PolicyOptions) (Policy, error) {
	if err := errors.Join(surface.Validate(), o.Limits.validate()); err != nil {
		return Policy{}, err
	}
	components, byPort, err := compileSurface(surface)
	if err != nil {
		return Policy{}, err
	}
	declared := map[Endpoint]string{}
	var faults []error
	for _, n := range o.Nodes {
		if _, mapped := m.External(n.Internal); !mapped {
			faults = append(faults, fmt.Errorf("component of %s: the proxy map does not name this endpoint", n.Internal))
		}
		if _, twice := declared[n.Internal]; twice {
			faults = append(faults, fmt.Errorf("component of %s: declared twice", n.Internal))
		}
		declared[n.Internal] = n.Component
	}
	p := Policy{routes: map[string][]route{}, origins: map[string]struct{}{}, limits: o.Limits.withDefaults()}
	for _, e := range m.Entries() {
		name, ok := declared[e.Internal]
		if !ok {
			name, ok = byPort[e.Internal.Port]
		}
		c := components[name]
		if !ok || c == nil {
			faults = append(faults, fmt.Errorf("component of %s: %q is not in the surface; declare one", e.Internal, name))
			continue
		}
		p.origins[e.External.Origin()] = struct{}{}
		if o.Names == nil || slices.Contains(o.Names, e.External) {
			p.routes[e.External.Host] = append(p.routes[e.External.Host], route{external: e.External, upstream: e.Internal, surface: c})
		}
	}
	for _, name := range o.Names {
		if _, ok := m.Internal(name); !ok {
			faults = append(faults, fmt.Errorf("external endpoint %s: the proxy map does not name it", name))
		}
	}
	for _, origin := range o.Origins {
		host, isWeb := strings.CutPrefix(origin, "https://")
		if host == "" || !isWeb || strings.ContainsAny(host, "/@?#*, ") || asciiLower(origin) != origin {
			faults = append(faults, fmt.Errorf("origin %q: want https://host or https://host:port in lower case", clip(origin)))
		}
		p.origins[origin] = struct{}{}
	}
	if len(faults) > 0 {
		return Policy{}, errors.Join(faults...)
	}
	return p, nil
}

func compileSurface(s Surface) (map[string]*componentSurface, map[int]string, error) {
	components, byPort := map[string]*componentSurface{}, map[int]string{}
	for _, c := range s.Components {
		compiled := &componentSurface{name: c.Name}
		for _, p := range c.Paths {
			t, err := compileTemplate(p.Template, false)
			if err != nil {
				return nil, nil, err
			}
			compiled.open = append(compiled.open, openPath{
				template: t, methods: slices.Clone(p.Methods), auth: p.Auth, websocket: p.WebSocket,
			})
		}
		for _, closed := range slices.Concat(c.Closed, s.Closed) {
			t, err := compileTemplate(closed.Template, true)
			if err != nil {
				return nil, nil, err
			}
			compiled.closed = append(compiled.closed, t)
		}
		components[c.Name] = compiled
		for _, port := range c.Ports {
			byPort[port] = c.Name
		}
	}
	return components, byPort, nil
}

// Decide says whether a request may reach an upstream, and which. It is a pure
// function: no input or output, no clock, the same answer for the same arguments,
// safe for concurrent use. It refuses at the first fault in this order: framing and
// header syntax, host, server name, target, method, path.
func Decide(p Policy, r Request) Decision {
	if r.Plain {
		return refuse(PlainHTTP)
	}
	f, refused := readFields(&r, p.limits)
	if refused != "" {
		return refuse(refused)
	}
	rt, refused := p.find(f.host, r.Port)
	if refused != "" {
		return refuse(refused)
	}
	if !asciiEqualFold(r.ServerName, rt.external.Host) {
		return refuse(ServerName)
	}
	d := Decision{External: rt.external, Upstream: rt.upstream}
	switch r.Method {
	case "CONNECT", "TRACE", "TRACK":
		return d.refuse(MethodForbidden)
	}
	if !isToken(r.Method) {
		return d.refuse(MethodForbidden)
	}
	if len(r.Target) > p.limits.TargetBytes {
		return d.refuse(TargetLength)
	}
	if d.Path, d.Query, refused = parseTarget(r.Target); refused != "" {
		return d.refuse(refused)
	}
	open := rt.surface.decide(&d, r.Method)
	if open == nil {
		return d
	}
	return p.decideUpgrade(d, r.Method, f, open.websocket)
}

func refuse(why Reason) Decision { return Decision{Reason: why, Status: why.Status()} }

func (d Decision) refuse(why Reason) Decision {
	d.Allow, d.Reason, d.Status = false, why, why.Status()
	return d
}

// find resolves the Host line. The port may be left out only where it is 443, as
// RFC 9110 section 4.2.2 has it.
func (p Policy) find(host string, listener int) (*route, Reason) {
	name, port, refused := parseHost(host)
	if refused != "" {
		return nil, refused
	}
	if port == 0 {
		port = 443
	}
	if port != listener {
		return nil, HostPort
	}
	routes := p.routes[asciiLower(name)]
	for i := range routes {
		if routes[i].external.Port == port {
			return &routes[i], ""
		}
	}
	return nil, HostUnknown
}

// decide fills the surface's part of the decision; nil means refused.
func (c *componentSurface) decide(d *Decision, method string) *openPath {
	d.Component = c.name
	for i := range c.closed {
		if c.closed[i].match(d.Path) {
			*d = d.refuse(PathClosed)
			d.Template = c.closed[i].text
			return nil
		}
	}
	why := PathUnlisted
	for i := range c.open {
		open := &c.open[i]
		if !open.match(d.Path) {
			continue
		}
		if slices.Contains(open.methods, method) {
			d.Allow, d.Template, d.Auth, d.Methods = true, open.text, open.auth, ""
			return open
		}
		if why = MethodUnlisted; d.Template == "" {
			d.Template = open.text
		}
		for _, allowed := range open.methods {
			if !strings.Contains(d.Methods, allowed) {
				d.Methods = strings.TrimPrefix(d.Methods+", "+allowed, ", ")
			}
		}
	}
	*d = d.refuse(why)
	return nil
}

// decideUpgrade lets an upgrade pass only as a well-formed WebSocket handshake
// (RFC 6455 section 4.1) from a known origin, on a path that offers one. Browsers
// send cookies with a foreign page's handshake, so the origin is the only defence
// against cross-site hijacking.
func (p Policy) decideUpgrade(d Decision, method string, f fields, offered bool) Decision {
	if f.upgrade == "" && !f.connectionUpgrade {
		return d
	}
	if !offered || method != "GET" || !f.connectionUpgrade || !asciiEqualFold(f.upgrade, "websocket") ||
		f.socketVersion != "13" || len(f.socketKey) != 24 {
		return d.refuse(UpgradeRefused)
	}
	if f.origins != 1 {
		return d.refuse(OriginMissing)
	}
	if _, known := p.origins[f.origin]; !known {
		return d.refuse(OriginForeign)
	}
	d.WebSocket = true
	return d
}
