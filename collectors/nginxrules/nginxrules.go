// SPDX-License-Identifier: Apache-2.0

// Package nginxrules gathers the effective configuration of an edge's nginx or
// OpenResty from a captured tree, or from the output of nginx -T.
//
// A line that cannot be read, and a construct that is not modelled, is listed
// and leaves a gap: what it would have changed is not known. A directive of a
// module that is not known is kept as a setting of its block and leaves none.
//
// Of Lua code, in the configuration or in a file of the tree that it names, only
// the names and addresses that it writes out are kept. Modules that it requires are
// kept as artifacts if the tree has them, and nothing of them is listed. What a script
// can do with a request is told by Configuration.Effect.
package nginxrules

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

const maxDumpBytes = 32 << 20

// Collector reads the configuration that an edge declares.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "nginxrules" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindEdge {
		return out, nil
	}
	r := &reader{target: t, record: evidence.NginxRules{Target: t.Subject, Source: t.Edge.Source}}
	version, err := r.version()
	if err != nil {
		r.gap("", err.Error(), t.Edge.Source)
	}
	tree, err := r.tree()
	if err != nil {
		r.gap("", err.Error(), t.Edge.Source)
		out.Gaps = ofNoField(r.gaps)
		return out, nil
	}
	r.convert(tree, version)
	for _, p := range r.record.Problems {
		r.gap("", p.Message, p.Source)
	}
	out.Gaps = r.gaps
	if tree.Main == nil {
		out.Gaps = ofNoField(r.gaps)
		return out, nil
	}
	out.Sections.NginxRules = []evidence.NginxRules{r.record}
	return out, nil
}

// ofNoField leaves out the gaps of single fields. Where there is no record, all
// of it is unknown already.
func ofNoField(gaps []evidence.Gap) []evidence.Gap {
	return slices.DeleteFunc(gaps, func(g evidence.Gap) bool { return g.Part != "" })
}

// reader turns one configuration into a record.
type reader struct {
	target evidence.Target
	// root is the prefix under which the tree's files are artifacts.
	root string
	// scripts is the captured tree, nil for a dump.
	scripts fs.FS
	record  evidence.NginxRules
	gaps    []evidence.Gap
	// subjects names each server.
	subjects map[*nginx.Server]string
}

// gap leaves a gap of one field of the record, or of all of it.
func (r *reader) gap(part, reason string, source evidence.Source) {
	r.gaps = append(r.gaps, r.target.PartGap("nginxrules", part, reason, source))
}

func (r *reader) tree() (*nginx.Tree, error) {
	where := r.target.Edge.Nginx
	switch {
	case where.Root != "":
		fsys, err := r.target.Files.Tree(where.Root)
		if err != nil {
			return nil, err
		}
		r.root, r.scripts = path.Clean(where.Root), fsys
		return nginx.Load(fsys, where.Prefix, where.Conf), nil
	case where.Dump != "":
		art, err := r.target.Files.Read(where.Dump, maxDumpBytes)
		if err != nil {
			return nil, err
		}
		return nginx.ParseDump(art.Path, string(art.Text)), nil
	}
	return nil, fmt.Errorf("the edge declares no nginx configuration (nginx.root and nginx.conf, or nginx.dump)")
}

// artifact is the path under which a file of the tree is kept.
func (r *reader) artifact(name string) string {
	if r.root == "" {
		return name
	}
	return path.Join(r.root, name)
}

func (r *reader) at(p nginx.Pos, kind evidence.OriginKind) evidence.Source {
	if p.IsZero() {
		return evidence.Source{Artifact: r.record.Source.Artifact, Line: r.record.Source.Line, Column: r.record.Source.Column, Origin: evidence.Origin{Kind: kind}}
	}
	return evidence.Source{Artifact: r.artifact(p.Artifact), Line: p.ArtifactLine, Column: p.Column, Origin: evidence.Origin{Kind: kind}}
}

// main is the first line of the configuration.
func (r *reader) main(tree *nginx.Tree) evidence.Source {
	return r.at(nginx.Pos{Artifact: tree.Main.Artifact, ArtifactLine: tree.Main.ArtifactLine, Column: 1, Line: 1}, evidence.Explicit)
}

func (r *reader) convert(tree *nginx.Tree, version nginx.Version) {
	for _, e := range tree.Errors {
		message := e.Message
		if e.Hint != "" {
			message += " (" + e.Hint + ")"
		}
		r.record.Problems = append(r.record.Problems, evidence.ConfigProblem{Message: message, Source: r.at(e.Pos, evidence.Explicit)})
	}
	if tree.Main == nil {
		return
	}
	r.record.Source = r.main(tree)
	config := nginx.Effective(tree, version)
	for _, n := range config.Notes {
		r.record.Problems = append(r.record.Problems, evidence.ConfigProblem{Message: n.Message, Source: r.at(n.Pos, evidence.Explicit)})
	}
	r.files(tree)
	r.record.Main = r.settings(config.Main.Settings())
	if len(config.HTTP) > 0 {
		r.record.HTTP = r.settings(config.HTTP[0].Settings())
	}
	r.nameServers(config)
	for _, s := range config.Servers {
		r.record.Servers = append(r.record.Servers, r.server(s, config))
	}
	for _, s := range config.Sockets {
		r.record.Sockets = append(r.record.Sockets, r.socket(s))
	}
	for _, u := range config.Upstreams {
		r.record.Upstreams = append(r.record.Upstreams, r.upstream(u))
	}
	for _, m := range config.Maps {
		r.record.Maps = append(r.record.Maps, r.mapping(m))
	}
	if len(config.Streams) > 0 {
		r.record.Problems = append(r.record.Problems, evidence.ConfigProblem{
			Message: "stream servers forward connections that no rule here judges", Source: r.at(config.Streams[0].Pos, evidence.Explicit),
		})
	}
	r.placeholders(tree)
	r.lua(config)
	r.dhParameters()
}

// files lists what the configuration is made of and the secrets found in it.
func (r *reader) files(tree *nginx.Tree) {
	listed := map[string]bool{}
	for _, f := range tree.Files {
		name := r.artifact(f.Artifact)
		if listed[name] {
			continue
		}
		listed[name] = true
		art, ok := r.target.Artifacts.Get(name)
		if !ok {
			continue
		}
		r.record.Files = append(r.record.Files, evidence.ConfigFile{Path: name, SHA256: art.SHA256})
		r.keepSecrets(name)
	}
}

// keepSecrets lists the secrets of an artifact, if it was read.
func (r *reader) keepSecrets(artifact string) {
	art, ok := r.target.Artifacts.Get(artifact)
	if !ok {
		return
	}
	for _, s := range art.Secrets {
		s.Source.Origin.Kind = evidence.Explicit
		r.record.Secrets = append(r.record.Secrets, s)
	}
}

// nameServers gives each server its subject: first name and first port, and a
// number where that is not unique.
func (r *reader) nameServers(config *nginx.Config) {
	r.subjects = map[*nginx.Server]string{}
	used := map[string]int{}
	for _, s := range config.Servers {
		name := s.Names[0].Value
		if s.Names[0].Kind == nginx.NameRegex {
			name = "~" + name
		}
		if name == "" {
			name = "_"
		}
		id := fmt.Sprintf("%s:%d", name, s.Listens[0].Port)
		used[id]++
		if n := used[id]; n > 1 {
			id = fmt.Sprintf("%s#%d", id, n)
		}
		r.subjects[s] = r.target.Subject + "/" + evidence.Subject("server", id)
	}
}

func (r *reader) server(s *nginx.Server, config *nginx.Config) evidence.NginxServer {
	out := evidence.NginxServer{Subject: r.subjects[s], Settings: r.settings(s.Settings()), Source: r.at(s.Pos, evidence.Explicit)}
	for _, n := range s.Names {
		value := n.Value
		if n.Kind != nginx.NameRegex {
			value = n.Raw
		}
		source := r.at(n.Pos, evidence.Explicit)
		if n.Pos.IsZero() {
			source = out.Source
		}
		out.Names = append(out.Names, evidence.ServerName{Name: value, Kind: nameKinds[n.Kind], Source: source})
	}
	for _, l := range s.Listens {
		out.Listens = append(out.Listens, r.listen(l, out.Source))
	}
	for _, socket := range config.Sockets {
		for _, member := range socket.Servers {
			if member == s && socket.SSL {
				out.TLS = true
			}
		}
	}
	for _, i := range s.Ifs {
		out.Locations = append(out.Locations, r.ifBlock(i, "", evidence.LocationPrefix, "", config))
	}
	for l := range s.All() {
		block := r.location(l, config)
		out.Locations = append(out.Locations, block)
		for _, i := range l.Ifs {
			out.Locations = append(out.Locations, r.ifBlock(i, block.Parent, block.Modifier, block.Path, config))
		}
	}
	for _, l := range out.Locations {
		out.Proxies = out.Proxies || len(l.Forwards) > 0
	}
	return out
}

var nameKinds = map[nginx.NameKind]evidence.ServerNameKind{
	nginx.NameExact: evidence.NameExact, nginx.NameLeading: evidence.NameLeadingWildcard,
	nginx.NameTrailing: evidence.NameTrailingWildcard, nginx.NameRegex: evidence.NameRegex,
	nginx.NameDot: evidence.NameDot, nginx.NameEmpty: evidence.NameEmpty, nginx.NameCatchAll: evidence.NameInvalid,
}

var modifiers = map[nginx.Modifier]evidence.LocationModifier{
	nginx.Prefix: evidence.LocationPrefix, nginx.PrefixFinal: evidence.LocationPrefixNoRegex,
	nginx.Exact: evidence.LocationExact, nginx.Regex: evidence.LocationRegex,
	nginx.RegexCaseless: evidence.LocationRegexFold, nginx.Named: evidence.LocationNamed,
}

func (r *reader) listen(l nginx.Listen, fallback evidence.Source) evidence.Listen {
	source := fallback
	if !l.Pos.IsZero() {
		source = r.at(l.Pos, evidence.Explicit)
	}
	return evidence.Listen{
		Address: l.Address, Port: l.Port, Unix: strings.HasPrefix(l.Address, "unix:"), Loopback: loopback(l.Address),
		TLS: l.SSL, HTTP2: l.HTTP2, QUIC: l.QUIC, DefaultServer: l.Default, ProxyProtocol: l.ProxyProtocol, Source: source,
	}
}

// loopback reports whether only the host itself can reach an address.
func loopback(address string) bool {
	return strings.HasPrefix(address, "127.") || address == "[::1]" || address == "localhost" || strings.HasPrefix(address, "unix:")
}

func (r *reader) socket(s *nginx.Socket) evidence.NginxSocket {
	out := evidence.NginxSocket{
		Address: s.Address, Port: s.Port, TLS: s.SSL, Loopback: loopback(s.Address),
		Default: r.subjects[s.Default], ExplicitDefault: s.DefaultExplicit, Source: r.at(s.Pos, evidence.Explicit),
	}
	if s.Pos.IsZero() && s.Default != nil {
		out.Source = r.at(s.Default.Pos, evidence.Explicit)
	}
	for _, member := range s.Servers {
		out.Servers = append(out.Servers, r.subjects[member])
	}
	return out
}

func (r *reader) location(l *nginx.Location, config *nginx.Config) evidence.NginxLocBlock {
	out := evidence.NginxLocBlock{Modifier: modifiers[l.Modifier], Path: l.Path, Source: r.at(l.Pos, evidence.Explicit)}
	if l.Outer != nil {
		out.Parent = l.Outer.Path
	}
	r.block(l.Scope, &out, config)
	for _, limit := range l.Limits {
		out.MethodLimits = append(out.MethodLimits, r.methodLimit(limit))
	}
	return out
}

func (r *reader) ifBlock(i *nginx.If, parent string, modifier evidence.LocationModifier, location string, config *nginx.Config) evidence.NginxLocBlock {
	out := evidence.NginxLocBlock{
		Modifier: modifier, Path: location, Parent: parent, If: strings.Join(i.Condition, " "), Source: r.at(i.Pos, evidence.Explicit),
	}
	r.block(i.Scope, &out, config)
	return out
}

// carried are the inherited settings that a location repeats, since a rule about
// the location has to see them together with its own: who is admitted, how
// often, and which headers are kept back. Any other inherited setting is the
// server's, and repeating it for each location would drown the rest.
var carried = map[string]bool{
	"allow": true, "deny": true, "satisfy": true, "auth_basic": true, "auth_request": true,
	"limit_req": true, "limit_conn": true, "proxy_hide_header": true, "proxy_pass_header": true,
	"more_clear_headers": true, "access_by_lua": true, "access_by_lua_block": true, "access_by_lua_file": true,
}

// block fills in the settings of a location or if block: its own, what it
// inherits from an outer location, and the carried ones. Defaults are the
// server's.
func (r *reader) block(scope *nginx.Scope, out *evidence.NginxLocBlock, config *nginx.Config) {
	for _, s := range scope.Settings() {
		if s.Origin == nginx.Default || s.Origin == nginx.Unresolved {
			continue
		}
		if s.Origin == nginx.Inherited && s.Context&(nginx.InLocation|nginx.IfInLocation) == 0 && !carried[s.Name] {
			continue
		}
		converted := r.setting(s)
		out.Settings = append(out.Settings, converted)
		if s.Name == "internal" {
			out.Internal = true
		}
		if strings.HasSuffix(s.Name, "_pass") && s.Origin == nginx.Explicit && len(s.Args) == 1 {
			out.Forwards = append(out.Forwards, forwards(s, converted.Source, config)...)
		}
	}
}

func (r *reader) upstream(u nginx.Upstream) evidence.NginxUpstream {
	out := evidence.NginxUpstream{Name: u.Name, Source: r.at(u.Pos, evidence.Explicit)}
	for _, s := range u.Servers {
		host, port := splitAddress(s.Address, 80)
		out.Servers = append(out.Servers, evidence.UpstreamServer{Host: host, Port: port, Params: s.Params, Source: r.at(s.Pos, evidence.Explicit)})
	}
	return out
}

func (r *reader) mapping(m nginx.Map) evidence.NginxMap {
	out := evidence.NginxMap{Kind: m.Kind, Input: m.Source, Variable: m.Variable, Source: r.at(m.Pos, evidence.Explicit)}
	for _, e := range m.Entries {
		out.Entries = append(out.Entries, evidence.NginxMapEntry{Key: e.Key, Value: strings.Join(e.Values, " "), Source: r.at(e.Pos, evidence.Explicit)})
	}
	return out
}
