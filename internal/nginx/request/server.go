// SPDX-License-Identifier: Apache-2.0

package request

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// socket is an address with the names of its servers.
type socket struct {
	*nginx.Socket
	exact    map[string]*nginx.Server
	leading  map[string]*nginx.Server // by what follows the asterisk, ".example.com"
	trailing map[string]*nginx.Server // by what precedes it, "www."
	patterns []namePattern
	// hostname is the server that has the name of the machine, which nobody can tell.
	hostname *nginx.Server
	// disputed are names that two servers claim in different ways.
	disputed map[string]nginx.Pos
	alone    bool
}

type namePattern struct {
	*automata.Pattern
	server *nginx.Server
}

func (m *Model) newSocket(s *nginx.Socket) *socket {
	k := &socket{
		Socket: s, exact: map[string]*nginx.Server{}, leading: map[string]*nginx.Server{}, trailing: map[string]*nginx.Server{},
		disputed: map[string]nginx.Pos{},
	}
	for _, srv := range s.Servers {
		for _, n := range srv.Names {
			k.name(n, srv, m)
		}
	}
	// With one server nginx does not look at names, unless the last of its patterns
	// captures.
	k.alone = len(s.Servers) == 1
	if n := len(k.patterns); n > 0 {
		last := k.patterns[n-1].Pattern
		k.alone = k.alone && last != nil && last.Groups == 0
	}
	return k
}

func (k *socket) name(n nginx.ServerName, srv *nginx.Server, m *Model) {
	claim := func(table map[string]*nginx.Server, key string) {
		if other, taken := table[key]; !taken {
			table[key] = srv
		} else if other != srv {
			k.disputed[strings.TrimPrefix(key, ".")] = n.Pos
		}
	}
	switch n.Kind {
	case nginx.NameRegex:
		p, err := automata.ParsePattern(n.Value, strings.ToLower(n.Value) != n.Value)
		if err != nil {
			p = nil
		} else {
			m.names(p)
		}
		k.patterns = append(k.patterns, namePattern{p, srv})
	case nginx.NameLeading:
		claim(k.leading, n.Value[1:])
	case nginx.NameTrailing:
		claim(k.trailing, strings.TrimSuffix(n.Value, "*"))
	case nginx.NameDot:
		claim(k.leading, n.Value)
		claim(k.exact, n.Value[1:])
	default:
		if n.HasVariables {
			if k.hostname == nil {
				k.hostname = srv
			}
			return
		}
		// A name given twice belongs to the first server; nginx says so and goes on.
		if _, taken := k.exact[n.Value]; !taken {
			k.exact[n.Value] = srv
		}
	}
}

// find is the server that has the name, nil for none.
func (k *socket) find(r *run, name Text) (*nginx.Server, *captures) {
	if k.alone {
		return nil, nil
	}
	if k.machine(r, name) {
		return k.hostname, nil
	}
	s, c := k.server(r, name)
	r.ask(k.Pos, name, k.answer(s), k.question)
	for _, p := range k.patterns {
		if p.Pattern != nil && r.failsToMatch(p.Pattern, name, p.server.Pos) {
			return nil, nil
		}
	}
	return s, c
}

// machine supposes that a name, which no server has in full, is that of the machine.
func (k *socket) machine(r *run, name Text) bool {
	if k.hostname == nil {
		return false
	}
	full := name.S == "" || k.exact[name.S] != nil
	r.ask(k.hostname.Pos, name, answer(full), func() Question { return oneOf(append(slices.Sorted(maps.Keys(k.exact)), "")...) })
	switch {
	case full:
		return false
	case r.trace == nil:
		r.unsure(k.hostname.Pos, "%q may be the name of the machine", name.S)
	}
	return r.choose(k.hostname.Pos, "the name of the host is", "as usual", "that of the machine") != "as usual"
}

// server is find without a record.
func (k *socket) server(r *run, name Text) (*nginx.Server, *captures) {
	host := name.S
	for name, at := range k.disputed {
		if host == name || strings.HasSuffix(host, "."+name) {
			r.unsure(at, "two servers claim the name %q", name)
		}
	}
	if s := k.exact[host]; s != nil {
		return s, nil
	}
	if host == "" {
		return nil, nil
	}
	if r.m.faults["trailing_first"] {
		if s := k.tail(host); s != nil {
			return s, nil
		}
	}
	for i := range len(host) {
		if host[i] == '.' {
			if s := k.leading[host[i:]]; s != nil {
				return s, nil
			}
		}
	}
	if s := k.tail(host); s != nil {
		return s, nil
	}
	for _, p := range k.patterns {
		if p.Pattern == nil {
			r.unsure(p.server.Pos, "a pattern of server_name cannot be read")
		}
		if c := r.try(p.Pattern, name, p.server.Pos); c != nil {
			return p.server, c
		}
	}
	return nil, nil
}

// tail finds the longest name that ends in an asterisk.
func (k *socket) tail(host string) *nginx.Server {
	for i := len(host) - 1; i > 0; i-- {
		if host[i] == '.' {
			if s := k.trailing[host[:i+1]]; s != nil {
				return s
			}
		}
	}
	return nil
}

// socketOf is the socket that takes a connection, nil for none.
func (m *Model) socketOf(address string, port int) *socket {
	suffix := ":" + strconv.Itoa(port)
	if address == "" {
		var only *socket
		for _, s := range m.cfg.Sockets {
			if s.Port == port && !s.UDP {
				if only != nil {
					only = nil
					break
				}
				only = m.sockets[s.Key()]
			}
		}
		if only != nil {
			return only
		}
		return m.sockets["*"+suffix]
	}
	if strings.HasPrefix(address, "unix:") {
		return m.sockets[address]
	}
	ip, err := netip.ParseAddr(strings.Trim(address, "[]"))
	if err != nil {
		return m.sockets[strings.ToLower(address)+suffix]
	}
	if ip.Is4() {
		if s := m.sockets[ip.String()+suffix]; s != nil {
			return s
		}
		if s := m.sockets["*"+suffix]; s != nil {
			return s
		}
		if s := m.sockets["[::]"+suffix]; s != nil {
			for _, srv := range s.Servers {
				for _, l := range srv.Listens {
					if l.Address == "[::]" && l.IPv6Only == "off" {
						return s
					}
				}
			}
		}
		return nil
	}
	if s := m.sockets["["+ip.String()+"]"+suffix]; s != nil {
		return s
	}
	return m.sockets["[::]"+suffix]
}
