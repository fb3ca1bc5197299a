// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// probe is one request of a run.
type probe struct {
	name           string
	request        request.Request
	expected       request.Outcome // of a witness
	counterExample bool
	skip           string // why it is not sent
	shot           int    // its number among those that are sent
}

// client is the address from which requests come unless they say otherwise.
const client = "127.0.0.1"

// levels of requests: where a limit cuts, it cuts the last.
const (
	plain = iota
	hosts
	methods
	boundaries
	crossings
	levels
)

// generator makes the requests that stand at the boundaries of a configuration.
type generator struct {
	cfg    *nginx.Config
	model  models
	level  int
	levels [levels][]*probe
	known  map[string]bool
	// headers are values that conditions and maps tell apart, by header.
	headers map[string][]string
	// clients are addresses that rules of access tell apart.
	clients []string
	// guarded says that some guard asks an upstream.
	guarded bool
	ways    int // servers for which a way in was looked for
	algebra *automata.Algebra
}

// Bounds of what a large configuration makes.
const (
	maxGenerated = 100_000
	maxWays      = 200 // servers for which a way in is looked for
	maxLearned   = 6   // values of one header, and clients
	maxHeaders   = 20
	maxNeighbour = 3 // other paths to which each path climbs
)

// cases are the witnesses and the generated requests, the latter up to the limit.
func (r *runner) cases(model models) []*probe {
	var out []*probe
	for _, w := range r.options.Witnesses {
		if w.Request.Client == "" {
			w.Request.Client = client
		}
		out = append(out, &probe{name: w.Name, request: w.Request, expected: w.Expected, counterExample: w.CounterExample})
	}
	g := &generator{cfg: r.cfg, model: model, known: map[string]bool{}, headers: map[string][]string{}, algebra: automata.New(200_000)}
	g.learn()
	var doors []door
	for _, s := range r.cfg.Sockets {
		if !s.UDP && !s.ProxyProtocol && !strings.HasPrefix(s.Address, "unix:") {
			doors = append(doors, g.doors(s)...)
		}
	}
	// Level by level, so that none is crowded out by one that matters less.
	for g.level = plain; g.level < levels; g.level++ {
		for _, d := range doors {
			g.ask(d)
		}
	}
	room := r.options.Limit
	if room == 0 {
		room = DefaultLimit
	}
	for _, level := range g.levels {
		n := min(room, len(level))
		for i := range n {
			out = append(out, level[i*len(level)/n]) // evenly, where not all can be taken
		}
		r.report.NotSent += len(level) - n
		room -= n
	}
	return out
}

// add keeps a request of the level that is being made.
func (g *generator) add(level int, name string, q request.Request) {
	if level != g.level || len(g.known) == maxGenerated {
		return
	}
	if q.Client == "" {
		q.Client = client
	}
	host := "-"
	if q.Host != nil {
		host = "=" + *q.Host
	}
	key := fmt.Sprintf("%s %d %t %q %q %q %q %q %q %q", q.Address, q.Port, q.TLS, q.SNI, q.Version, q.Client, host, q.Method, q.Target, q.Headers)
	if !g.known[key] {
		g.known[key] = true
		g.levels[level] = append(g.levels[level], &probe{name: name, request: q})
	}
}

// door is a server at one of its sockets, with a request that gets in and the paths
// that its locations stand for.
type door struct {
	server *nginx.Server
	base   request.Request
	paths  []string
}

// doors are the servers of a socket that somebody can ask for.
func (g *generator) doors(s *nginx.Socket) (out []door) {
	for _, srv := range s.Servers {
		base := request.Request{Address: s.Address, Port: s.Port, TLS: s.SSL, Method: "GET", Target: "/"}
		name := g.nameOf(srv)
		switch {
		case name == "" && s.Default != srv:
			continue
		case name == "":
			name = "any.example" // the name of no server leads to the default one
		}
		base.Host, base.SNI = &name, sniOf(name)
		paths := g.paths(srv)
		out = append(out, door{srv, g.way(base, paths), paths})
	}
	return out
}

// ask makes the requests for one server.
func (g *generator) ask(d door) {
	base := d.base
	for i, p := range d.paths {
		base.Target = target(p)
		g.add(plain, "a location's own path", base)
		if g.guarded {
			q := base
			q.Headers = append(slices.Clone(q.Headers), [2]string{guardHeader, guardRefuses})
			g.add(plain, "a guard that refuses", q)
		}
		for _, m := range []string{"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE"} {
			q := base
			q.Method = m
			g.add(methods, "method "+m, q)
		}
		for _, c := range g.clients {
			q := base
			q.Client = c
			g.add(methods, "client "+c, q)
		}
		for _, b := range variants {
			q := base
			q.Target = b.make(base.Target)
			g.add(boundaries, b.name, q)
		}
		for _, closed := range append(neighbours(d.paths, i), closedPaths...) {
			for _, c := range climbs {
				q := base
				q.Target = c.make(base.Target, closed)
				g.add(crossings, c.name, q)
			}
		}
	}
	for _, p := range closedPaths {
		base.Target = p
		g.add(plain, "a path that is closed", base)
	}
	g.names(base, d.server, d.paths)
}

// neighbours are some of the other paths, spread over the list.
func neighbours(paths []string, i int) []string {
	var out []string
	for k := range maxNeighbour {
		if j := (i + 1 + k*len(paths)/maxNeighbour) % len(paths); j != i && !slices.Contains(out, target(paths[j])) {
			out = append(out, target(paths[j]))
		}
	}
	return out
}

// names asks a server under other names, and with requests that say the name in
// unusual ways.
func (g *generator) names(base request.Request, srv *nginx.Server, paths []string) {
	paths = append(slices.Clone(paths[:min(len(paths), 6)]), "/")
	for _, p := range slices.Compact(paths) {
		base.Target = target(p)
		for _, n := range srv.Names {
			for _, host := range g.hostsOf(n) {
				g.host(base, "a name of the server", host)
			}
		}
		for _, t := range hostTricks {
			name, _ := splitPort(*base.Host)
			g.host(base, t.name, t.make(name))
		}
		q := base
		q.Host = nil
		g.add(hosts, "no Host", q)
		q.Version = "1.0"
		g.add(hosts, "no Host, HTTP/1.0", q)
		q.Version = "0.9"
		g.add(hosts, "no version", q)
		for _, t := range wholeTricks {
			q := base
			q.Headers = slices.Clone(base.Headers)
			t.make(&q)
			g.add(hosts, t.name, q)
		}
	}
}

// host asks with another Host, with and without the same name in the handshake.
func (g *generator) host(base request.Request, name, host string) {
	q := base
	q.Host = &host
	g.add(hosts, name, q)
	if q.TLS {
		q.SNI = sniOf(host)
		g.add(hosts, name+", also in the handshake", q)
	}
}

// sniOf is a name as a client puts it into a handshake: of letters, digits, hyphens
// and dots, and no address.
func sniOf(host string) string {
	host, _ = splitPort(host)
	host = strings.TrimSuffix(host, ".")
	if strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || isAddress(host) || strings.Contains(host, "..") || strings.HasPrefix(host, ".") {
		return ""
	}
	return host
}

// nameOf is a name that leads to the server, empty when there is none.
func (g *generator) nameOf(srv *nginx.Server) string {
	for _, n := range srv.Names {
		for _, h := range g.hostsOf(n) {
			if h != "" {
				return h
			}
		}
	}
	return ""
}

// hostsOf are hosts that a name of a server matches.
func (g *generator) hostsOf(n nginx.ServerName) []string {
	switch n.Kind {
	case nginx.NameLeading:
		return []string{"a" + n.Value[1:], "a.b" + n.Value[1:]}
	case nginx.NameTrailing:
		return []string{strings.TrimSuffix(n.Value, "*") + "example"}
	case nginx.NameDot:
		return []string{n.Value[1:], "a" + n.Value}
	case nginx.NameRegex:
		if s, ok := g.sample(n.Value, strings.ToLower(n.Value) != n.Value); ok && !strings.ContainsAny(s, "/\x00 ") {
			return []string{s}
		}
		return nil
	}
	if n.HasVariables || strings.ContainsAny(n.Value, "$/ ") {
		return nil
	}
	return []string{n.Value}
}

// paths are those that the locations of a server stand for.
func (g *generator) paths(srv *nginx.Server) []string {
	var out []string
	for l := range srv.All() {
		p := l.Path
		switch {
		case l.Broken || l.Modifier == nginx.Named:
			continue
		case l.Modifier == nginx.Regex || l.Modifier == nginx.RegexCaseless:
			ok := false
			if p, ok = g.sample(p, l.Modifier == nginx.RegexCaseless); !ok {
				continue
			}
		}
		if !strings.HasPrefix(p, "/") {
			p = "/" + p
		}
		if len(p) <= maxNameBytes && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if !slices.Contains(out, "/") {
		out = append(out, "/")
	}
	return out
}

// sample is a short text that a pattern matches; one that begins with a slash where
// there is one.
func (g *generator) sample(pattern string, fold bool) (string, bool) {
	p, err := automata.ParsePattern(pattern, fold)
	if err != nil {
		return "", false
	}
	all := p.Language(g.algebra).Lower
	for _, l := range []automata.Lang{g.algebra.Intersect(all, g.algebra.Concat(g.algebra.Literal("/"), automata.All)), all} {
		if s, ok, err := g.algebra.Shortest(l); err == nil && ok {
			return string(s), true
		}
	}
	return "", false
}

// target writes a path as a request line can hold it.
func target(p string) string {
	var b strings.Builder
	for i := range len(p) {
		if c := p[i]; c <= ' ' || c == '%' || c == '?' || c == '#' || c == 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// way finds the host and the headers with which a server lets requests in, as the
// model tells: the further they come, the better.
func (g *generator) way(base request.Request, paths []string) request.Request {
	base.Client = client
	if g.ways++; g.ways > maxWays {
		return base
	}
	score := func(q request.Request) (n int) {
		for _, p := range paths[:min(len(paths), 8)] {
			q.Target = target(p)
			out := g.model.handle(q)
			n += len(out.Steps)
			switch out.Kind {
			case request.Forwarded:
				n += 1000
			case request.Unknown, request.Answered:
				n += 100
			}
		}
		return n
	}
	best := score(base)
	try := func(q request.Request) {
		if n := score(q); n > best {
			base, best = q, n
		}
	}
	q, host := base, *base.Host+":"+strconv.Itoa(base.Port)
	q.Host = &host
	try(q)
	for range 2 { // a header may count only with another one
		for _, name := range slices.Sorted(maps.Keys(g.headers)) {
			for _, value := range g.headers[name] {
				q := base
				q.Headers = append(slices.DeleteFunc(slices.Clone(base.Headers), func(h [2]string) bool { return h[0] == name }), [2]string{name, value})
				try(q)
			}
		}
	}
	return base
}
