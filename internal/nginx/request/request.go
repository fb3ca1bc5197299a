// SPDX-License-Identifier: Apache-2.0

package request

import (
	"fmt"
	"io/fs"
	"sync"

	"github.com/postern-audit/postern/internal/nginx"
)

// Request is one request as a client sends it. Strings are bytes.
type Request struct {
	// Address is the local address that the client connects to; empty where only one
	// socket, or a wildcard, can be meant.
	Address string
	Port    int
	TLS     bool
	SNI     string
	// Version is "1.1" (also when empty) or another number, "0.9" for a request line
	// without a version, or the whole word as sent, such as "HTTP/1.1".
	Version string
	// Client is the address of the client; empty when it is not known.
	Client string
	// Host is sent before the other headers; nil sends none.
	Host    *string
	Method  string
	Target  string
	Headers [][2]string
}

// Kind is what became of a request.
type Kind string

// The kinds.
const (
	Forwarded Kind = "forwarded" // an upstream gets it
	Refused   Kind = "refused"   // a status from 400 up, or the connection is closed
	Answered  Kind = "answered"  // any other answer that nginx gives by itself
	Unknown   Kind = "unknown"   // the model does not say
)

// Outcome is what nginx does with a request.
type Outcome struct {
	Kind Kind
	// Status is what the client sees; 0 where an upstream decides, and where the
	// connection is closed without an answer.
	Status int
	// Server and Location are file:line of the blocks in charge; empty when none is.
	Server   string
	Location string
	// Upstream is what the directive names, with variables replaced, such as
	// "https://desk". Peers are the addresses behind it, as written.
	Upstream string
	Peers    []string
	// Path is what goes upstream, arguments included. For the protocols of FastCGI,
	// uwsgi and SCGI, which send variables, it is the path that nginx works with.
	Path   string
	Reason string
	Steps  []Step
}

// Step is one decision on the way, and the directive that took it.
type Step struct {
	Pos  nginx.Pos
	Text string
}

// Options are what the model may know beside the configuration.
type Options struct {
	// Files is the file system from its root; without it, what depends on a file is
	// unknown.
	Files fs.FS
	// Prefix is the directory that relative names start from.
	Prefix string
	// Answer says which status an upstream gives to the request of a guard, such as
	// auth_request. Without it the guard's effect is unknown.
	Answer func(upstream, path string) int
	// Script says what a Lua directive does, for Trace; without it nothing is known.
	Script func(nginx.Setting) Script
}

// Model follows requests through one configuration. It may be used by several
// goroutines.
type Model struct {
	cfg     *nginx.Config
	options Options
	sockets map[string]*socket
	servers map[*nginx.Server]*server
	maps    map[string]*mapping
	groups  map[string]*nginx.Upstream // by name in small letters
	// passed are the hosts and ports that requests are passed on to by directives without
	// variables: nginx knows their addresses from the start.
	passed  map[string]bool
	effects effects
	carried carried
	// believing is the first directive of a location that changes the address of the client.
	believing nginx.Pos
	// changeable are the variables that set or a named group writes.
	changeable map[string]bool
	// answered are the texts of those that hold of what a guard answers.
	answered map[string][]string
	// defined are all that the configuration writes, also where nginx has one of the name.
	defined    map[string]bool
	faults     faults
	partitions partitions
	// settings are those that were asked for, by settingKey.
	settings sync.Map
	// patience is what enough found, by pattern; compiles says that patterns are made
	// machine code.
	patience sync.Map
	compiles bool
	// odd are the directives in effect in a scope that are not modelled.
	odd map[*nginx.Scope][]nginx.Setting
}

// faults are defects that the tests plant to see that they would be found.
type faults map[string]bool

// New prepares a configuration.
func New(cfg *nginx.Config, options Options) *Model { return newModel(cfg, nil, options) }

func newModel(cfg *nginx.Config, planted faults, options Options) *Model {
	m := &Model{
		faults: planted, odd: map[*nginx.Scope][]nginx.Setting{},
		cfg: cfg, options: options, sockets: map[string]*socket{}, servers: map[*nginx.Server]*server{},
		compiles: compilesPatterns(cfg),
		maps:     map[string]*mapping{}, groups: map[string]*nginx.Upstream{}, passed: map[string]bool{}, changeable: map[string]bool{}, defined: map[string]bool{}, answered: map[string][]string{},
	}
	for i := range cfg.Upstreams {
		if u := &cfg.Upstreams[i]; !u.Stream && !u.Broken && m.groups[lower(u.Name)] == nil {
			m.groups[lower(u.Name)] = u
		}
	}
	for _, h := range cfg.HTTP {
		m.readPassed(h.Directive)
		m.readBelieving(h.Directive, false)
	}
	m.readMaps()
	m.readEffects()
	for _, s := range cfg.Servers {
		m.servers[s] = m.newServer(s)
	}
	for _, s := range cfg.Sockets {
		m.sockets[s.Key()] = m.newSocket(s)
	}
	return m
}

// Handle follows one request.
func (m *Model) Handle(q Request) Outcome { return m.handle(q, nil) }

func (m *Model) handle(q Request, t *Trace) (out Outcome) {
	r := &run{m: m, req: &q, shared: &shared{vars: map[string]Text{}, limited: map[string]bool{}, trace: t}}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case unsure:
			out = Outcome{Kind: Unknown, Reason: Widening(p).String()}
			r.widen(p.At, "%s", p.Why)
			r.finish(&out)
		default:
			panic(p)
		}
	}()
	r.receive()
	out = r.out
	r.finish(&out)
	return out
}

// unsure ends the run of a request whose outcome the model cannot tell. It is
// thrown, and caught by Handle alone.
type unsure Widening

// unsure gives up because of something at a place.
func (r *run) unsure(at nginx.Pos, format string, args ...any) {
	panic(unsure{at, fmt.Sprintf(format, args...)})
}

func (r *run) step(at nginx.Pos, format string, args ...any) {
	r.shared.steps = append(r.shared.steps, Step{at, fmt.Sprintf(format, args...)})
}

// finish fills in what every outcome carries.
func (r *run) finish(out *Outcome) {
	out.Steps = r.shared.steps
	if r.server != nil {
		out.Server = place(r.server.Pos)
	}
	if r.block != nil && r.block.loc != nil {
		out.Location = place(r.block.loc.Pos)
	}
}

func place(p nginx.Pos) string { return fmt.Sprintf("%s:%d", p.File, p.Line) }
