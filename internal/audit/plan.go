// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors"
	"github.com/postern-audit/postern/collectors/dns"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

// TLSConnections is the most that reading the TLS posture of a usual listener
// takes. How many it really takes depends on what the listener accepts, since
// each suite that it takes is asked for one by one.
const TLSConnections = 90

// LivePlan says whom a collection will contact, and how often.
type LivePlan struct {
	Listeners []PlannedListener
	// SSH are the hosts that are logged in to, one connection each.
	SSH []PlannedListener
}

// PlannedListener is one listener that will be contacted.
type PlannedListener struct {
	// Target is "edge/NAME", "node/NAME", "cti/INSTANCE-SIDE", or "site" for a
	// resolver of names.
	Target string
	Host   string
	Port   int
	// Address is where it is dialled; empty means that the name is resolved.
	Address string
	// Requests is what is sent to the listener over HTTP, by collector.
	Requests []PlannedRequests
}

// PlannedRequests is what one collector sends to one listener.
type PlannedRequests struct {
	Collector string
	evidence.Cost
}

// Plan derives from the inventory and the map which listeners may be contacted.
func Plan(doc *evidence.Document) LivePlan {
	var p LivePlan
	var entries []evidence.MapEntry
	for _, m := range doc.ProxyMap {
		if m.Target == "site" {
			entries = m.Entries
		}
	}
	for i := range doc.Site.Edges {
		e := &doc.Site.Edges[i]
		address := firstAddress(doc.Header.Vantage, e.Addresses)
		owned := namesOf(doc, e.Subject)
		for _, entry := range entries {
			if port := portOf(entry.External); wanted(e.Live.Ports, port) && ownsName(doc, owned, entry.External.Host) {
				p.add(&doc.Site, e.Subject, entry.External.Host, port, address)
			}
		}
		// A port that is listed and that the map does not name is asked under every
		// name of the edge: that nothing answers there is worth knowing.
		for _, port := range unmapped(e.Live.Ports, entries) {
			for _, entry := range entries {
				if ownsName(doc, owned, entry.External.Host) {
					p.add(&doc.Site, e.Subject, entry.External.Host, port, address)
				}
			}
		}
	}
	for i := range doc.Site.Nodes {
		n := &doc.Site.Nodes[i]
		address := ""
		if len(n.Addresses) > 0 {
			address = n.Addresses[0]
		}
		for _, port := range n.Live.Ports {
			if number, err := strconv.Atoi(port); err == nil {
				p.add(&doc.Site, n.Subject, n.Host, number, address)
			}
		}
		if slices.Contains(n.Live.Ports, "from-map") {
			for _, entry := range entries {
				if strings.EqualFold(entry.Internal.Host, n.Host) {
					p.add(&doc.Site, n.Subject, n.Host, portOf(entry.Internal), address)
				}
			}
		}
	}
	p.gateways(&doc.Site)
	p.resolvers(&doc.Site)
	sort.Slice(p.Listeners, func(i, j int) bool {
		a, b := p.Listeners[i], p.Listeners[j]
		if a.Target != b.Target {
			return a.Target < b.Target
		}
		if a.Host != b.Host {
			return a.Host < b.Host
		}
		return a.Port < b.Port
	})
	for _, t := range bareTargets(&doc.Site) {
		t.Endpoints = p.of(t.Subject)
		for _, c := range collectors.Remaining() {
			if planner, ok := c.(evidence.Planner); ok && len(t.Endpoints) > 0 {
				p.charge(t.Subject, PlannedRequests{c.Name(), planner.Plan(t)})
			}
		}
	}
	p.logins(&doc.Site)
	return p
}

// gateways adds the secured ports of the CTI servers that may be contacted.
func (p *LivePlan) gateways(site *evidence.Site) {
	for _, c := range site.CTI {
		if c.Live && c.Host != "" && c.SecuredPort > 0 {
			p.add(site, c.Subject(), c.Host, c.SecuredPort, "")
		}
	}
}

// resolvers adds the servers of names that may be asked. They speak no TLS.
func (p *LivePlan) resolvers(site *evidence.Site) {
	for _, d := range site.DNS {
		if host, port, ok := dns.Resolver(d.Resolver); ok {
			p.add(site, "site", host, port, host)
		}
	}
}

// charge adds what a collector sends to each listener of a target.
func (p *LivePlan) charge(target string, r PlannedRequests) {
	for i := range p.Listeners {
		if l := &p.Listeners[i]; l.Target == target && r.Cost != (evidence.Cost{}) {
			l.Requests = append(l.Requests, r)
		}
	}
}

// logins lists the hosts that are read over SSH.
func (p *LivePlan) logins(site *evidence.Site) {
	add := func(target string, a evidence.SSHAccess) {
		if !a.Declared() {
			return
		}
		if e, err := sshEndpoint(site, a); err == nil {
			p.SSH = append(p.SSH, PlannedListener{Target: target, Host: e.Host, Port: e.Port, Address: e.Address})
		}
	}
	for _, e := range site.Edges {
		add(e.Subject, e.SSH)
	}
	for _, n := range site.Nodes {
		add(n.Subject, n.SSH)
	}
}

// unmapped are the listed ports that no entry of the map has outside.
func unmapped(ports []string, entries []evidence.MapEntry) []int {
	var out []int
	for _, text := range ports {
		port, err := strconv.Atoi(text)
		if err == nil && !slices.ContainsFunc(entries, func(e evidence.MapEntry) bool { return portOf(e.External) == port }) {
			out = append(out, port)
		}
	}
	return out
}

// portOf is the port of an endpoint; HTTPS has one where none is written.
func portOf(e evidence.Endpoint) int {
	if e.HasPort {
		return e.Port
	}
	return 443
}

// liveSections are those that listeners fill.
var liveSections = []string{"tlsposture", "http", "corslive", "framinglive"}

// unattributed lists, as gaps, the external endpoints of the map that no edge's
// configuration serves by a name that can be compared: they are contacted for
// no edge, and nobody should take that for a clean answer.
func unattributed(doc *evidence.Document, plan LivePlan) []evidence.Gap {
	var gaps []evidence.Gap
	silent := func(e evidence.Edge, host string, port int, source evidence.Source, reason string) {
		for _, section := range liveSections {
			gaps = append(gaps, evidence.Gap{Section: section, Subject: evidence.ListenerSubject(e.Subject, host, port), Reason: reason, Source: source})
		}
	}
	for _, m := range doc.ProxyMap {
		for _, entry := range m.Entries {
			port := portOf(entry.External)
			served := slices.ContainsFunc(doc.Site.Edges, func(e evidence.Edge) bool {
				return ownsName(doc, namesOf(doc, e.Subject), entry.External.Host)
			})
			for _, e := range doc.Site.Edges {
				if !served && wanted(e.Live.Ports, port) {
					silent(e, entry.External.Host, port, entry.Source, "no edge serves this name of the map by a name that can be compared, so it was not contacted")
				}
			}
		}
	}
	for _, e := range doc.Site.Edges {
		for _, text := range e.Live.Ports {
			port, err := strconv.Atoi(text)
			planned := slices.ContainsFunc(plan.Listeners, func(l PlannedListener) bool { return l.Target == e.Subject && l.Port == port })
			if err == nil && !planned {
				silent(e, "*", port, e.Source, fmt.Sprintf("port %d is to be contacted, and no name of the map is known to lead to this edge", port))
			}
		}
	}
	return gaps
}

func wanted(ports []string, port int) bool {
	return slices.Contains(ports, "from-map") || slices.Contains(ports, strconv.Itoa(port))
}

// namesOf lists the server names that an edge's configuration holds.
func namesOf(doc *evidence.Document, edge string) []evidence.ServerName {
	var names []evidence.ServerName
	for _, n := range doc.NginxRules {
		if n.Target != edge {
			continue
		}
		for _, s := range n.Servers {
			names = append(names, s.Names...)
		}
	}
	return names
}

// ownsName reports whether an external name belongs to an edge: its
// configuration serves the name or, where no configuration is known, the site
// has no other edge. A regular expression is not tried: a listener that only
// one of them names is left alone.
func ownsName(doc *evidence.Document, owned []evidence.ServerName, host string) bool {
	if len(owned) == 0 {
		return len(doc.Site.Edges) == 1
	}
	host = strings.ToLower(host)
	for _, n := range owned {
		name := strings.ToLower(n.Name)
		switch n.Kind {
		case evidence.NameExact:
			if name == host {
				return true
			}
		case evidence.NameLeadingWildcard:
			if strings.HasSuffix(host, strings.TrimPrefix(name, "*")) {
				return true
			}
		case evidence.NameDot:
			if host == name[1:] || strings.HasSuffix(host, name) {
				return true
			}
		case evidence.NameTrailingWildcard:
			if strings.HasPrefix(host, strings.TrimSuffix(name, "*")) {
				return true
			}
		}
	}
	return false
}

func firstAddress(vantage evidence.Vantage, a evidence.EdgeAddresses) string {
	lists := [][]string{a.Public, a.Private}
	if vantage == evidence.VantageLAN || vantage == evidence.VantageDMZ {
		slices.Reverse(lists)
	}
	for _, list := range lists {
		if len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

func (p *LivePlan) add(site *evidence.Site, target, host string, port int, address string) {
	for _, l := range p.Listeners {
		if l.Target == target && strings.EqualFold(l.Host, host) && l.Port == port {
			return
		}
	}
	to := connectTo(site, host, port)
	if to == "" && address != "" {
		to = net.JoinHostPort(address, strconv.Itoa(port))
	}
	p.Listeners = append(p.Listeners, PlannedListener{Target: target, Host: host, Port: port, Address: to})
}

// connectTo looks an endpoint up in the connect table.
func connectTo(site *evidence.Site, host string, port int) string {
	for _, c := range site.Connect {
		if strings.EqualFold(c.From, net.JoinHostPort(host, strconv.Itoa(port))) {
			return c.To
		}
	}
	return ""
}

// mapEndpoint is the server of a map that is fetched over the network.
func mapEndpoint(site *evidence.Site) (dial.Endpoint, bool) {
	u, err := url.Parse(site.ProxyMap.URL)
	if site.ProxyMap.URL == "" || err != nil || u.Hostname() == "" {
		return dial.Endpoint{}, false
	}
	port := 443
	if u.Scheme == "http" {
		port = 80
	}
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	return dial.Endpoint{Host: u.Hostname(), Port: port, Address: connectTo(site, u.Hostname(), port)}, true
}

func (p LivePlan) endpoints(target string) []dial.Endpoint {
	var out []dial.Endpoint
	for _, l := range p.Listeners {
		if l.Target == target {
			out = append(out, dial.Endpoint{Host: l.Host, Port: l.Port, Address: l.Address})
		}
	}
	return out
}

func (p LivePlan) of(target string) []evidence.Endpoint {
	var out []evidence.Endpoint
	for _, l := range p.Listeners {
		if l.Target == target {
			out = append(out, evidence.Endpoint{Text: net.JoinHostPort(l.Host, strconv.Itoa(l.Port)), Host: l.Host, Port: l.Port, HasPort: true})
		}
	}
	return out
}

// String lists the plan: one line for each listener, and one for each collector
// that asks it something.
func (p LivePlan) String() string {
	var b strings.Builder
	at := func(l PlannedListener) string {
		if l.Address == "" {
			return "its resolved address"
		}
		return l.Address
	}
	for _, l := range p.SSH {
		fmt.Fprintf(&b, "%s  ssh %s:%d  at %s\n    ssh: 1 connection\n", l.Target, l.Host, l.Port, at(l))
	}
	for _, l := range p.Listeners {
		fmt.Fprintf(&b, "%s  %s  at %s\n", l.Target, net.JoinHostPort(l.Host, strconv.Itoa(l.Port)), at(l))
		if l.Target != "site" {
			fmt.Fprintf(&b, "    tlsposture: up to %d connections\n", TLSConnections)
		}
		for _, r := range l.Requests {
			fmt.Fprintf(&b, "    %s: %d connection(s), %d requests\n", r.Collector, r.Connections, r.Requests)
		}
	}
	return b.String()
}
