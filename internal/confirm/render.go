// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// Removed is a directive that the rendered configuration does not have.
type Removed struct {
	Name string
	Pos  nginx.Pos
	// Reason says why in a few words.
	Reason string
	// Matters says that it may decide about requests.
	Matters bool
}

// rendered is the new configuration.
type rendered struct {
	text    string
	places  []nginx.Pos // of each line, beginning with line 1
	removed []Removed
	*addresses
	// roots are the folders of the host in which requests are looked up, scripts
	// those in which Lua code is.
	roots, scripts []string
}

// renderer writes a configuration. Every word is quoted anew, so that no word of the
// audited files can become a directive.
type renderer struct {
	rendered
	out    strings.Builder
	cfg    *nginx.Config
	prefix string
	groups map[string]bool
	depth  int
	// lua keeps Lua code.
	lua bool
}

// preamble is what stands before everything in http. Buckets are large, since names
// of upstreams and servers are what they are; connections are closed after an answer.
const preamble = `access_log off;
default_type text/plain;
keepalive_timeout 0;
client_header_timeout 3s;
client_body_timeout 3s;
lingering_timeout 1s;
proxy_connect_timeout 3s;
proxy_read_timeout 5s;
proxy_next_upstream off;
server_names_hash_max_size 65536;
server_names_hash_bucket_size 1024;
variables_hash_max_size 65536;
variables_hash_bucket_size 256;
map_hash_max_size 65536;
map_hash_bucket_size 1024;
ssl_certificate ` + certFile + `;
ssl_certificate_key ` + keyFile + `;
ssl_client_certificate ` + certFile + `;
ssl_session_cache off;
`

// render writes the configuration anew. Unknown are variables of modules that this
// nginx does not have: they become empty.
func render(cfg *nginx.Config, prefix string, unknown []string, lua *luaSetting) rendered {
	r := &renderer{
		rendered: rendered{addresses: newAddresses()}, cfg: cfg, prefix: prefix,
		groups: map[string]bool{}, lua: lua != nil,
	}
	for _, u := range cfg.Upstreams {
		r.groups[u.Name] = r.groups[u.Name] || !u.Stream
	}
	if lua != nil {
		r.lines(lua.modules)
	}
	r.lines("daemon off;\nmaster_process off;\nworker_rlimit_nofile 8192;\npid " + runDir + "/nginx.pid;\nlock_file " + runDir + "/nginx.lock;\nerror_log stderr error;\nevents {\nworker_connections 4096;\n}\n")
	for _, s := range cfg.Main.Own() {
		r.remove(s.Directive, s.Known)
	}
	if cfg.Events != nil {
		r.remove(cfg.Events.Directive, true)
	}
	if len(cfg.Streams) > 0 && cfg.Streams[0].Parent != nil {
		r.remove(cfg.Streams[0].Parent.Directive, true)
	}
	if len(cfg.HTTP) > 0 {
		r.block(nginx.Pos{}, "http {", func() {
			r.lines(preamble)
			for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
				r.lines(p + "_temp_path " + runDir + "/" + p + ";\n")
			}
			for _, name := range unknown {
				r.lines("map $host $" + name + " {\ndefault \"\";\n}\n")
			}
			r.http(cfg.HTTP[0].Directive)
		})
	}
	r.text = r.out.String()
	return r.rendered
}

// lines writes lines of our own.
func (r *renderer) lines(text string) {
	for line := range strings.Lines(text) {
		r.line(nginx.Pos{}, strings.TrimSuffix(line, "\n"))
	}
}

func (r *renderer) line(at nginx.Pos, text string) {
	r.out.WriteString(strings.Repeat("  ", r.depth) + text + "\n")
	for range 1 + strings.Count(text, "\n") {
		r.places = append(r.places, at)
	}
}

func (r *renderer) block(at nginx.Pos, head string, body func()) {
	r.line(at, head)
	r.depth++
	body()
	r.depth--
	r.line(nginx.Pos{}, "}")
}

// put writes a directive whose name is one of our own constants.
func (r *renderer) put(at nginx.Pos, name string, args ...string) {
	r.line(at, name+quoteAll(args)+";")
}

// quoteAll quotes words so that nginx reads back exactly these bytes.
func quoteAll(args []string) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteByte(' ')
		b.WriteString(nginx.Quote(a))
	}
	return b.String()
}

func (r *renderer) remove(d *nginx.Directive, known bool) {
	if d == nil {
		return
	}
	reason := reasonFor(d, known)
	r.because(d, reason, matters[reason])
}

func (r *renderer) because(d *nginx.Directive, reason string, matters bool) {
	r.removed = append(r.removed, Removed{Name: clip(d.Name), Pos: d.Pos(), Reason: reason, Matters: matters})
}

// clip shortens what is shown of a name.
func clip(name string) string { return name[:min(len(name), 100)] }

func (r *renderer) http(d *nginx.Directive) {
	servers := map[*nginx.Directive]*nginx.Server{}
	for _, s := range r.cfg.Servers {
		servers[s.Directive] = s
	}
	known := knownIn(r.cfg.HTTP[0])
	for c := range d.Children() {
		switch {
		case c.Broken:
			r.because(c, "cannot be read", true)
		case c.Name == "server" && servers[c] != nil:
			r.server(c, servers[c])
		case c.Name == "upstream" && c.Kind == nginx.Block:
			r.upstreamBlock(c)
		case (c.Name == "map" || c.Name == "geo" || c.Name == "split_clients") && c.Kind == nginx.Block:
			r.entries(c)
		default:
			r.setting(c, r.cfg.HTTP[0], known[c])
		}
	}
}

// knownIn says which directives of a block the parser has an entry for.
func knownIn(sc *nginx.Scope) map[*nginx.Directive]bool {
	known := map[*nginx.Directive]bool{}
	for _, s := range sc.Own() {
		known[s.Directive] = s.Known
	}
	return known
}

// entries writes a map and its kin, whose lines are words.
func (r *renderer) entries(d *nginx.Directive) {
	r.block(d.Pos(), d.Name+quoteAll(d.Values())+" {", func() {
		for e := range d.Children() {
			if e.Kind != nginx.Simple || e.Broken {
				r.because(e, "cannot be read", true)
				continue
			}
			r.line(e.Pos(), nginx.Quote(e.Name)+quoteAll(e.Values())+";")
		}
	})
}

// upstreamBlock writes the servers of an upstream; how it chooses among them is not
// a question that the model answers.
func (r *renderer) upstreamBlock(d *nginx.Directive) {
	r.block(d.Pos(), "upstream"+quoteAll(d.Values())+" {", func() {
		for c := range d.Children() {
			if c.Name != "server" || c.Kind != nginx.Simple || len(c.Args) == 0 {
				r.because(c, noEffect, false)
				continue
			}
			args := []string{r.upstream(c.Arg(0), 80)}
			for _, a := range c.Values()[1:] {
				if a == "backup" || a == "down" {
					args = append(args, a)
				}
			}
			r.put(c.Pos(), "server", args...)
		}
	})
}

func (r *renderer) server(d *nginx.Directive, s *nginx.Server) {
	locations := map[*nginx.Directive]*nginx.Location{}
	for l := range s.All() {
		locations[l.Directive] = l
	}
	r.block(d.Pos(), "server {", func() {
		for _, l := range s.Listens {
			r.listens(d, l)
		}
		r.children(d, s.Scope, locations, ifsOf(s.Ifs))
	})
}

func ifsOf(list []*nginx.If) map[*nginx.Directive]*nginx.If {
	m := map[*nginx.Directive]*nginx.If{}
	for _, f := range list {
		m[f.Directive] = f
	}
	return m
}

// listens writes what a server listens on.
func (r *renderer) listens(d *nginx.Directive, l nginx.Listen) {
	switch {
	case l.QUIC, strings.HasPrefix(l.Address, "unix:"), l.Broken:
		r.removed = append(r.removed, Removed{Name: clip("listen " + l.Raw), Pos: l.Pos, Reason: withoutWeb, Matters: true})
		return
	}
	at := l.Pos
	if at.IsZero() {
		at = d.Pos()
	}
	for port := l.Port; port <= l.LastPort; port++ {
		args := []string{r.listen(l.Address) + ":" + strconv.Itoa(port)}
		if l.Default {
			args = append(args, "default_server")
		}
		if l.SSL {
			args = append(args, "ssl")
		}
		if l.ProxyProtocol {
			args = append(args, "proxy_protocol")
		}
		r.put(at, "listen", args...)
	}
}

// children writes the directives of a server, a location or an if in order. It
// recurses as deep as blocks nest.
func (r *renderer) children(d *nginx.Directive, sc *nginx.Scope, locations map[*nginx.Directive]*nginx.Location, ifs map[*nginx.Directive]*nginx.If) {
	known := knownIn(sc)
	for c := range d.Children() {
		switch l, f := locations[c], ifs[c]; {
		case c.Broken:
			r.because(c, "cannot be read", true)
		case c.Name == "listen" || c.Name == "ssl" || c.Name == "http2" && c.Kind == nginx.Simple:
			// They stand in what the server listens on.
		case l != nil:
			r.block(c.Pos(), "location"+quoteAll(c.Values())+" {", func() { r.location(c, l, locations) })
		case f != nil:
			r.block(c.Pos(), "if"+quoteAll(r.condition(c.Values()))+" {", func() { r.children(c, f.Scope, nil, nil) })
		default:
			r.setting(c, sc, known[c])
		}
	}
}

func (r *renderer) location(d *nginx.Directive, l *nginx.Location, locations map[*nginx.Directive]*nginx.Location) {
	limits := map[*nginx.Directive]bool{}
	for _, lim := range l.Limits {
		limits[lim.Directive] = true
		r.block(lim.Pos, "limit_except"+quoteAll(lim.Methods)+" {", func() { r.children(lim.Directive, lim.Scope, nil, nil) })
	}
	r.children(without(d, limits), l.Scope, locations, ifsOf(l.Ifs))
}

// without is a directive whose children leave some out.
func without(d *nginx.Directive, out map[*nginx.Directive]bool) *nginx.Directive {
	if len(out) == 0 {
		return d
	}
	c := *d
	c.Block = nil
	for e := range d.Children() {
		if !out[e] {
			c.Block = append(c.Block, e)
		}
	}
	return &c
}

// setting writes or leaves out a directive that is no structure.
func (r *renderer) setting(d *nginx.Directive, sc *nginx.Scope, known bool) {
	switch {
	case d.Kind == nginx.Simple && copied[d.Name]:
		r.put(d.Pos(), d.Name, d.Values()...)
	case d.Kind == nginx.Simple && passes[d.Name] && len(d.Args) == 1:
		r.pass(d, sc)
	case d.Kind == nginx.Simple && (d.Name == "root" || d.Name == "alias") && len(d.Args) == 1:
		r.put(d.Pos(), d.Name, r.rebase(d.Arg(0)))
	case d.Kind == nginx.Simple && d.Name == "auth_basic_user_file":
		r.put(d.Pos(), d.Name, passwordFile)
	case r.lua && luaKept(d):
		r.luaDirective(d)
	default:
		r.remove(d, known)
	}
}

// passwordFile has no password: nobody is let in by one.
const passwordFile = gateDir + "/passwords"

// original says which line of the audited files a line of the rendered text stands
// for.
func (r *rendered) original(line int) string {
	if line < 1 || line > len(r.places) || r.places[line-1].IsZero() {
		return ""
	}
	p := r.places[line-1]
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
