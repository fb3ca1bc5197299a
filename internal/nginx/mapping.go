// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// Map is a map, geo or split_clients block.
type Map struct {
	Pos      Pos
	Kind     string // "map", "geo" or "split_clients"
	Stream   bool   // defined in stream rather than in http
	Source   string // what is looked up; $remote_addr for a geo with one argument
	Variable string // the variable defined, with its "$"
	Entries  []MapEntry
}

// MapEntry is one line of a map.
type MapEntry struct {
	Pos    Pos
	Key    string   // decoded
	Quoted bool     // a quoted "default" is still the default; see Special
	Values []string // decoded; one for an ordinary entry
	// Special marks a parameter of the map and not a key: default, hostnames,
	// volatile, and for geo also delete, proxy, proxy_recursive, ranges. A leading
	// backslash makes such a word a key; Key then has it removed.
	Special bool
}

func parseMap(d *Directive, stream bool) Map {
	m := Map{Pos: d.Pos(), Kind: d.Name, Stream: stream}
	switch {
	case len(d.Args) >= 2:
		m.Source, m.Variable = d.Arg(0), d.Arg(1)
	case len(d.Args) == 1 && d.Name == "geo":
		m.Source, m.Variable = "$remote_addr", d.Arg(0)
	default:
		m.Variable = d.Arg(0)
	}
	for e := range d.Children() {
		entry := MapEntry{Pos: e.Pos(), Key: e.Name, Quoted: e.Head.Quote != 0, Values: e.Values()}
		switch e.Name {
		case "default":
			entry.Special = d.Name != "split_clients"
		case "hostnames", "volatile":
			entry.Special = d.Name == "map" || e.Name == "volatile" && d.Name == "geo"
		case "delete", "proxy", "proxy_recursive", "ranges":
			entry.Special = d.Name == "geo"
		default:
			if rest, ok := strings.CutPrefix(e.Name, `\`); ok && d.Name == "map" {
				entry.Key = rest
			}
		}
		m.Entries = append(m.Entries, entry)
	}
	return m
}

// Upstream is one upstream block.
type Upstream struct {
	*Scope
	Name    string
	Stream  bool // defined in stream rather than in http
	Servers []UpstreamServer
	Broken  bool
}

// UpstreamServer is one server of an upstream.
type UpstreamServer struct {
	Pos     Pos
	Address string   // as written: host, host:port or unix:path
	Params  []string // weight=, backup, down and so on
	Backup  bool
	Down    bool
}

func parseUpstream(d *Directive, sc *Scope, stream bool) Upstream {
	u := Upstream{Scope: sc, Name: d.Arg(0), Stream: stream, Broken: d.Broken || len(d.Args) != 1}
	for c := range d.Children() {
		if c.Name != "server" || c.Kind != Simple {
			sc.add(c)
			continue
		}
		s := UpstreamServer{Pos: c.Pos(), Address: c.Arg(0)}
		for _, a := range c.Args[min(1, len(c.Args)):] {
			s.Params = append(s.Params, a.Value)
			s.Backup = s.Backup || a.Value == "backup"
			s.Down = s.Down || a.Value == "down"
		}
		u.Servers = append(u.Servers, s)
	}
	return u
}

// Zone is a shared memory zone of limit_req_zone or limit_conn_zone.
type Zone struct {
	Pos  Pos
	Kind string // the directive
	Key  string // what is counted, such as $binary_remote_addr
	Name string
	Size string // as written; see ParseSize
	Rate string // as written, such as "10r/s"; limit_req_zone only
}

func parseZone(d *Directive) Zone {
	z := Zone{Pos: d.Pos(), Kind: d.Name}
	for _, a := range d.Args {
		if v, ok := strings.CutPrefix(a.Value, "zone="); ok {
			z.Name, z.Size, _ = strings.Cut(v, ":")
		} else if v, ok := strings.CutPrefix(a.Value, "rate="); ok {
			z.Rate = v
		} else if z.Key == "" {
			z.Key = a.Value
		}
	}
	return z
}
