// SPDX-License-Identifier: Apache-2.0

package request

import (
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// credential is a header in which clients show who they are, as a guard gets it.
type credential struct {
	// variables are those that tell it apart from that of others, in small letters; none
	// where the guard does not get it.
	variables []string
	// own says that the gate puts in something of its own.
	own bool
}

// showsCredentials reports whether a guard gets what the client shows of itself, and
// nothing of the gate's own in its place. An answer that is kept for others leaves a proof
// open.
func (r *run) showsCredentials() bool {
	family := strings.TrimSuffix(r.handler.Name, "_pass")
	list := []credential{r.credential(family, "Authorization"), r.credential(family, "Cookie")}
	if slices.ContainsFunc(list, func(c credential) bool { return c.own }) {
		return false
	}
	r.keptAnswers(family, list)
	return slices.ContainsFunc(list, func(c credential) bool { return len(c.variables) > 0 })
}

// credential is what a guard gets in a header.
func (r *run) credential(family, header string) (c credential) {
	list := r.handed(family, header)
	if len(list) == 0 && r.setting(family+"_pass_request_headers").Arg(0) != "off" {
		return credential{variables: []string{"http_" + strings.ToLower(header)}}
	}
	for _, s := range list {
		value := s.Arg(1)
		if value == "" {
			continue // it is not sent
		}
		names := variablesIn(value)
		c.variables = append(c.variables, names...)
		c.own = c.own || len(names) == 0 || !besideCredentials.MatchString(variablesOf.ReplaceAllString(value, "$$")) ||
			slices.ContainsFunc(names, func(name string) bool { return !r.sentByClients(name) })
	}
	return c
}

// variablesOf are the variables of a text, and besideCredentials is what may stand beside
// them without being one of the gate's own: the name of a scheme, and those of cookies.
var (
	variablesOf       = regexp.MustCompile(`\$(\w+|\{\w+\})`)
	besideCredentials = regexp.MustCompile(`^([A-Za-z]+ )?\$$|^([\w-]+=\$;? ?)+$`)
)

// sentByClients reports whether a variable is what the client has sent, and nothing else.
func (r *run) sentByClients(name string) bool {
	if r.m.effects.maps[name] != nil || r.m.defined[name] || r.m.answered[name] != nil {
		return false
	}
	return strings.HasPrefix(name, "http_") || strings.HasPrefix(name, "cookie_") || strings.HasPrefix(name, "arg_")
}

// keptAnswers looks for a cache that gives what a guard said of one client to others, or
// what is no answer of a guard.
func (r *run) keptAnswers(family string, list []credential) {
	if !r.caches(family) {
		return
	}
	s := r.setting(family + "_cache")
	key := strings.Join(r.setting(family+"_cache_key").Args, "")
	told := variablesIn(key)
	for _, c := range list {
		for _, name := range c.variables {
			whole := strings.HasPrefix(name, "cookie_") && slices.Contains(told, "http_cookie")
			if !r.sentByClients(name) || !whole && !slices.Contains(told, name) {
				r.widen(s.From, "%s keeps what the guard says of one client, and its key lacks $%s, which may tell who asks", s.Name, name)
				return
			}
		}
	}
	if strings.HasPrefix(key, "$") && r.m.cachers(s.Arg(0)) > 1 {
		r.widen(s.From, "%s keeps what the guard says beside pages, whose key a client can send", s.Name)
	}
}

// cachers is how many locations fill a cache; one outside of locations counts as many, since
// they inherit it.
func (m *Model) cachers(zone string) (n int) {
	var walk func(d *nginx.Directive, inLocation bool)
	walk = func(d *nginx.Directive, inLocation bool) {
		for c := range d.Children() {
			if strings.HasSuffix(c.Name, "_cache") && c.Arg(0) == zone {
				if n++; !inLocation {
					n++
				}
			}
			walk(c, inLocation || c.Name == "location")
		}
	}
	for _, h := range m.cfg.HTTP {
		walk(h.Directive, false)
	}
	return n
}

// chosenByClients reports whether the name of a file with passwords is made of what clients
// send: then they choose whose they have to know. A map whose values are names of files is
// no such thing.
func (r *run) chosenByClients(file string) bool {
	return slices.ContainsFunc(variablesIn(file), func(name string) bool {
		if g := r.m.effects.maps[name]; g != nil {
			return slices.ContainsFunc(g.texts()[1:], func(value string) bool { return strings.Contains(value, "$") })
		}
		return !slices.Contains([]string{"host", "server_name", "server_port", "server_addr", "scheme", "hostname"}, name)
	})
}
