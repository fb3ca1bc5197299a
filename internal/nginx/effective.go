// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Config is the effective configuration of one nginx. It shares the nodes of its
// Tree and must not be changed.
type Config struct {
	Version   Version // as given to Effective
	Main      *Scope
	Events    *Scope   // nil without an events block
	HTTP      []*Scope // one, in a configuration that nginx accepts
	Servers   []*Server
	Sockets   []*Socket // of the http servers
	Upstreams []Upstream
	Maps      []Map
	Zones     []Zone
	Streams   []*Server // servers of stream blocks; they have no names and locations
	// Notes say what was read but is not modelled, or what nginx would refuse.
	Notes []Note
}

// Note is a remark about the configuration that limits what Config says.
type Note struct {
	Pos
	Message string
}

func (n Note) String() string { return n.Pos.String() + ": " + n.Message }

// Server is one server block.
type Server struct {
	*Scope
	// ID names the server without line numbers, from its first listen and its
	// first name: "*:443 www.example.com"; a number is added to tell twins apart.
	ID        string
	Listens   []Listen     // never empty for an http server
	Names     []ServerName // never empty for an http server
	Locations []*Location  // the outermost ones, in order
	Ifs       []*If
	Broken    bool // the words of the block could not be read
}

// All yields every location of the server, outer before inner, in order.
func (s *Server) All() iter.Seq[*Location] {
	return func(yield func(*Location) bool) { walk(s.Locations, yield) }
}

// walk recurses as deep as blocks nest.
func walk(list []*Location, yield func(*Location) bool) bool {
	for _, l := range list {
		if !yield(l) || !walk(l.Locations, yield) {
			return false
		}
	}
	return true
}

// Location is one location block.
type Location struct {
	*Scope
	ID        string // the server's ID, then modifier and path
	Modifier  Modifier
	Path      string // decoded, without the modifier; a named location keeps its "@"
	Outer     *Location
	Server    *Server
	Locations []*Location // nested ones
	Ifs       []*If
	Limits    []*Limit
	Broken    bool // modifier and path could not be read; they must not be trusted
}

// If is an if block of a server or of a location.
type If struct {
	*Scope
	Condition []string // the decoded words between the parentheses, which are removed
}

// Limit is a limit_except block.
type Limit struct {
	*Scope
	Methods []string // the methods that the block does NOT concern; GET includes HEAD
}

// Effective works out what t means to nginx of version v; the zero Version means
// that it is not known, and defaults that have changed are then Unresolved.
func Effective(t *Tree, v Version) *Config {
	b := builder{cfg: &Config{Version: v}, seen: map[string]int{}, places: map[placeOf]bool{}, upstreams: map[string]bool{}}
	b.cfg.Main = newScope(Main, nil, nil, v)
	if t.Main != nil {
		b.cfg.Main.Pos = Span{File: t.Main, Line: 1, Column: 1}.Pos()
	}
	for d := range t.Children() {
		b.main(d)
	}
	b.cfg.Sockets = sockets(b.cfg.Servers, b.note)
	return b.cfg
}

// maxNotes bounds the notes of one configuration.
const maxNotes = 1000

type builder struct {
	cfg  *Config
	seen map[string]int // how often an ID was given
	// What must be unique.
	places    map[placeOf]bool
	upstreams map[string]bool
}

func (b *builder) note(at Pos, format string, args ...any) {
	switch n := len(b.cfg.Notes); {
	case n < maxNotes:
		b.cfg.Notes = append(b.cfg.Notes, Note{at, fmt.Sprintf(format, args...)})
	case n == maxNotes:
		b.cfg.Notes = append(b.cfg.Notes, Note{at, fmt.Sprintf("more than %d notes; the rest is not listed", maxNotes)})
	}
}

func (b *builder) scope(c Context, parent *Scope, d *Directive) *Scope {
	return newScope(c, parent, d, b.cfg.Version)
}

func (b *builder) main(d *Directive) {
	m := b.cfg.Main
	switch {
	case d.Name == "http" && d.Kind == Block:
		if len(b.cfg.HTTP) > 0 {
			b.note(d.Pos(), "a second http block: nginx refuses this")
		}
		h := b.scope(HTTP, m, d)
		b.cfg.HTTP = append(b.cfg.HTTP, h)
		b.shared(d, h, false)
	case d.Name == "events" && d.Kind == Block:
		b.cfg.Events = b.scope(Events, m, d)
		for c := range d.Children() {
			b.setting(c, b.cfg.Events)
		}
	case d.Name == "stream" && d.Kind == Block:
		b.shared(d, b.scope(Stream, m, d), true)
	case d.Name == "mail" && d.Kind == Block:
		b.note(d.Pos(), "mail is not modelled")
		m.add(d)
	default:
		b.setting(d, m)
	}
}

// shared reads an http or a stream block.
func (b *builder) shared(d *Directive, sc *Scope, stream bool) {
	var servers []*Directive
	for c := range d.Children() {
		switch {
		case c.Kind != Block:
			b.setting(c, sc)
			if c.Name == "limit_req_zone" || c.Name == "limit_conn_zone" {
				b.cfg.Zones = append(b.cfg.Zones, parseZone(c))
			}
		case c.Name == "server":
			// A setting may stand after the servers that inherit it.
			servers = append(servers, c)
		case c.Name == "upstream":
			u := parseUpstream(c, b.scope(InUpstream, sc, c), stream)
			key := sc.Context.String() + " " + u.Name
			switch {
			case u.Broken:
				b.note(c.Pos(), "upstream: want one name")
			case b.upstreams[key]:
				b.note(c.Pos(), "a second upstream %q: nginx refuses this", clip(u.Name))
			case len(u.Servers) == 0:
				b.note(c.Pos(), "upstream %q without a server: nginx refuses this", clip(u.Name))
			}
			b.upstreams[key] = true
			b.cfg.Upstreams = append(b.cfg.Upstreams, u)
		case c.Name == "map" || c.Name == "geo" || c.Name == "split_clients":
			b.cfg.Maps = append(b.cfg.Maps, parseMap(c, stream))
		default:
			b.setting(c, sc)
		}
	}
	for _, c := range servers {
		if stream {
			b.cfg.Streams = append(b.cfg.Streams, b.streamServer(c, sc))
		} else {
			b.cfg.Servers = append(b.cfg.Servers, b.server(c, sc))
		}
	}
}

// setting files a directive that is not structure, and notes what nginx would refuse.
func (b *builder) setting(d *Directive, sc *Scope) {
	sp := specOf(d.Name)
	switch {
	case d.Broken:
		b.note(d.Pos(), "block %q could not be read", clip(d.Name))
	case sp.contexts == 0 && d.Kind == Block:
		b.note(d.Pos(), "block %q is not modelled", clip(d.Name))
	case sp.contexts != 0 && sp.contexts&sc.Context == 0 && sc.Context&(Stream|StreamServer) == 0:
		b.note(d.Pos(), "%s is not allowed in %s: nginx refuses this", d.Name, sc.Context)
	case sp.contexts != 0 && (sp.merge == override || sp.once) && len(sc.bySlot[slotOf(d.Name)]) > 0:
		b.note(d.Pos(), "%s is set twice in one block: nginx refuses this", d.Name)
	}
	b.swallowed(d, sc)
	sc.add(d)
}

// swallowed notes a directive that another one has taken for its arguments since
// a semicolon is missing, which nginx often accepts.
func (b *builder) swallowed(d *Directive, sc *Scope) {
	line := d.Line
	for _, a := range d.Args {
		if a.Line > line && a.Quote == 0 && specOf(a.Value).contexts&sc.Context != 0 {
			b.note(a.Pos(), "%q begins a line inside the arguments of %s: a semicolon may be missing before it", clip(a.Value), d.Name)
		}
		line = a.Line
	}
}

func (b *builder) streamServer(d *Directive, parent *Scope) *Server {
	s := &Server{Scope: b.scope(StreamServer, parent, d), Broken: d.Broken || len(d.Args) > 0}
	for c := range d.Children() {
		if c.Name == "listen" {
			s.Listens = append(s.Listens, parseListen(c, b.note))
		}
		b.setting(c, s.Scope)
	}
	s.ID = "stream"
	if len(s.Listens) > 0 {
		s.ID += " " + s.Listens[0].name()
	}
	s.ID = b.unique(s.ID)
	return s
}

func (b *builder) server(d *Directive, parent *Scope) *Server {
	s := &Server{Scope: b.scope(InServer, parent, d), Broken: d.Broken || len(d.Args) > 0}
	if s.Broken {
		b.note(d.Pos(), "server: its opening could not be read")
	}
	for c := range d.Children() {
		switch {
		case c.Name == "if" && c.Kind == Block:
			s.Ifs = append(s.Ifs, b.ifBlock(c, s.Scope, IfInServer))
			continue
		case c.Name == "location" && c.Kind == Block:
			continue
		case c.Name == "listen":
			s.Listens = append(s.Listens, parseListen(c, b.note))
		case c.Name == "server_name":
			for _, a := range c.Args {
				s.Names = append(s.Names, parseServerName(a))
			}
		}
		b.setting(c, s.Scope)
	}
	if len(s.Listens) == 0 {
		s.Listens = []Listen{{Implicit: true, Address: "*", Port: 80, LastPort: 80}}
	}
	if len(s.Names) == 0 {
		s.Names = []ServerName{{Kind: NameEmpty}}
	}
	ssl, http2 := isOn(s.Get("ssl")), isOn(s.Get("http2"))
	for i := range s.Listens {
		s.Listens[i].SSL = s.Listens[i].SSL || ssl
		s.Listens[i].HTTP2 = s.Listens[i].HTTP2 || http2 && !s.Listens[i].QUIC
	}
	id := s.Listens[0].name()
	if n := s.Names[0].Raw; n != "" {
		id += " " + shorten(n, 200)
	}
	s.ID = b.unique(id)
	for c := range d.Children() {
		if c.Name == "location" && c.Kind == Block {
			s.Locations = append(s.Locations, b.location(c, s, nil))
		}
	}
	return s
}

func isOn(s []Setting) bool { return len(s) > 0 && s[0].Arg(0) == "on" }

// name is how the listen shows in an ID.
func (l Listen) name() string {
	if l.Broken {
		return clip(l.Raw)
	}
	return (&Socket{Address: l.Address, Port: l.Port, UDP: l.QUIC}).Key()
}

// unique makes an ID that was not given yet.
func (b *builder) unique(id string) string {
	for {
		b.seen[id]++
		n := b.seen[id]
		if n == 1 {
			return id
		}
		// The numbered form may itself be the natural ID of something else.
		id += "#" + strconv.Itoa(n)
	}
}

// location recurses as deep as blocks nest.
func (b *builder) location(d *Directive, srv *Server, outer *Location) *Location {
	parent := srv.Scope
	if outer != nil {
		parent = outer.Scope
	}
	l := &Location{Scope: b.scope(InLocation, parent, d), Server: srv, Outer: outer}
	var ok bool
	if l.Modifier, l.Path, ok = parseLocation(d); !ok || d.Broken {
		l.Broken = true
		b.note(d.Pos(), "location: its modifier and path could not be read")
	}
	text := l.Path
	if l.Modifier != Named && l.Modifier != Prefix {
		text = l.Modifier.String() + " " + text
	}
	l.ID = b.unique(srv.ID + " {" + shorten(text, 200) + "}")
	b.nesting(l)
	var inner []*Directive
	for c := range d.Children() {
		switch {
		case c.Kind == Block && c.Name == "location":
			inner = append(inner, c)
		case c.Kind == Block && c.Name == "if":
			l.Ifs = append(l.Ifs, b.ifBlock(c, l.Scope, IfInLocation))
		case c.Kind == Block && c.Name == "limit_except":
			l.Limits = append(l.Limits, b.limit(c, l))
		default:
			b.setting(c, l.Scope)
		}
	}
	for _, c := range inner {
		l.Locations = append(l.Locations, b.location(c, srv, l))
	}
	return l
}

// limitMethods are those that limit_except knows (ngx_http_core_module).
var limitMethods = [...]string{
	"GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH",
}

func (b *builder) limit(d *Directive, l *Location) *Limit {
	lim := &Limit{Scope: b.scope(LimitExcept, l.Scope, d), Methods: d.Values()}
	if len(l.Limits) > 0 {
		b.note(d.Pos(), "a second limit_except in one location: nginx refuses this")
	}
	if len(lim.Methods) == 0 {
		b.note(d.Pos(), "limit_except without a method: nginx refuses this")
	}
	for _, m := range lim.Methods {
		if !slices.Contains(limitMethods[:], strings.ToUpper(m)) {
			b.note(d.Pos(), "limit_except: %q is no method that nginx knows here", clip(m))
		}
	}
	for e := range d.Children() {
		b.setting(e, lim.Scope)
	}
	return lim
}

// placeOf is what two locations must not share.
type placeOf struct {
	parent *Scope
	kind   Modifier
	path   string
}

// nesting notes the placements that nginx refuses.
func (b *builder) nesting(l *Location) {
	o := l.Outer
	if !l.Broken && l.Modifier != Regex && l.Modifier != RegexCaseless {
		place := placeOf{l.Parent, l.Modifier, l.Path}
		if place.kind == PrefixFinal {
			place.kind = Prefix
		}
		if b.places[place] {
			b.note(l.Pos, "a second location %q: nginx refuses this", clip(l.Path))
		}
		b.places[place] = true
	}
	if o == nil || l.Broken || o.Broken {
		return
	}
	switch {
	case o.Modifier == Exact:
		b.note(l.Pos, "location %q inside an exact location: nginx refuses this", clip(l.Path))
	case o.Modifier == Named:
		b.note(l.Pos, "location %q inside a named location: nginx refuses this", clip(l.Path))
	case l.Modifier == Named:
		b.note(l.Pos, "named location %q is allowed in a server only: nginx refuses this", clip(l.Path))
	case l.Modifier != Regex && l.Modifier != RegexCaseless && !strings.HasPrefix(l.Path, o.Path):
		// The outer path counts even where it is a regex.
		b.note(l.Pos, "location %q is outside of location %q: nginx refuses this", clip(l.Path), clip(o.Path))
	}
}

func (b *builder) ifBlock(d *Directive, parent *Scope, c Context) *If {
	f := &If{Scope: b.scope(c, parent, d), Condition: condition(d.Values())}
	if d.Broken {
		b.note(d.Pos(), "if: its condition could not be read")
	}
	for e := range d.Children() {
		b.setting(e, f.Scope)
	}
	return f
}

// condition removes the parentheses, which may stand alone or joined to a word.
func condition(words []string) []string {
	if n := len(words); n > 0 {
		words[0] = strings.TrimPrefix(words[0], "(")
		words[n-1] = strings.TrimSuffix(words[n-1], ")")
		if words[n-1] == "" {
			words = words[:n-1]
		}
		if len(words) > 0 && words[0] == "" {
			words = words[1:]
		}
	}
	return words
}
