// SPDX-License-Identifier: Apache-2.0

package site

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/evidence"
)

// place gives each declared thing its line and its subject.
func place(s *evidence.Site, name string, root *yaml.Node) {
	source := func(path ...any) evidence.Source {
		n := find(root, path...)
		return evidence.Source{Artifact: name, Line: n.Line, Column: n.Column, Origin: evidence.Origin{Kind: evidence.Declared}}
	}
	s.DeclaredSource = source()
	for i := range s.Edges {
		s.Edges[i].Source = source("edges", i)
		s.Edges[i].Subject = evidence.Subject("edge", s.Edges[i].Name)
	}
	for i := range s.Nodes {
		s.Nodes[i].Source = source("nodes", i)
		s.Nodes[i].Subject = evidence.Subject("node", s.Nodes[i].Name)
	}
	for i := range s.Clusters {
		s.Clusters[i].Source = source("clusters", i)
	}
	for i := range s.CTI {
		s.CTI[i].Source = source("cti", i)
	}
	for i := range s.Integrations {
		s.Integrations[i].Source = source("integrations", i)
	}
	for i := range s.ContactCentre {
		s.ContactCentre[i].Source = source("contact_center", i)
	}
	for i := range s.DNS {
		s.DNS[i].Source = source("dns", i)
	}
	for i := range s.OutOfScope {
		s.OutOfScope[i].Source = source("out_of_scope", i)
	}
}

// find follows keys and indexes; where the path ends early it returns the last
// node that exists.
func find(n *yaml.Node, path ...any) *yaml.Node {
	for _, step := range path {
		next := (*yaml.Node)(nil)
		switch s := step.(type) {
		case string:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Kind == yaml.MappingNode && n.Content[i].Value == s {
					next = n.Content[i+1]
				}
			}
		case int:
			if n.Kind == yaml.SequenceNode && s < len(n.Content) {
				next = n.Content[s]
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

var objectName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// validate holds the decoded site to what the types cannot say.
func validate(name string, s *evidence.Site, root *yaml.Node) error {
	v := validator{name: name, root: root}
	if !objectName.MatchString(s.Name) {
		v.fail("site is missing or no plain name", "write for example \"site: acme-emea\"", "site")
	}
	if s.Profile.Base == "" {
		v.fail("profile is missing", "write for example \"profile: finesse-12.6.1\"; postern rules profiles lists them", "profile")
	}
	if len(s.Edges) == 0 {
		v.fail("no edge is declared", "a site has at least one entry under edges", "edges")
	}
	if s.ProxyMap.File != "" && s.ProxyMap.URL != "" {
		v.fail("proxymap has both file and url", "keep the one that nodes load", "proxymap")
	}
	for key, value := range map[string]string{"max_age": s.MaxAge, "deadline": s.Deadline} {
		if value == "" {
			continue
		}
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			v.fail(fmt.Sprintf("%s: %q is no duration", key, value), "write for example 15m or 72h", key)
		}
	}
	v.networks(s)
	v.edges(s)
	v.nodes(s)
	v.cti(s)
	v.contactCentre(s)
	v.dns(s)
	for i, c := range s.Connect {
		if _, _, err := splitHostPort(c.From); err != nil {
			v.fail(fmt.Sprintf("connect from %q: %v", c.From, err), "write \"name:port\"", "connect", i)
		}
		if _, err := netip.ParseAddrPort(c.To); err != nil {
			v.fail(fmt.Sprintf("connect to %q is no address and port", c.To), "write for example 127.0.0.1:41234", "connect", i)
		}
	}
	for i, e := range s.OutOfScope {
		if !slices.Contains(evidence.SectionNames(), e.Section) {
			v.fail(fmt.Sprintf("out_of_scope: no section is called %q", e.Section), "sections are "+strings.Join(evidence.SectionNames(), ", "), "out_of_scope", i)
		}
		if e.Target == "" || e.Reason == "" {
			v.fail("out_of_scope: target and reason are both required", "the reason stands in every report", "out_of_scope", i)
		}
		v.scope(s, e, i)
	}
	return v.first
}

// scope makes sure that an exception excuses an absence and nothing else: what
// is declared is collected, and what then goes wrong is not deliberate.
func (v *validator) scope(s *evidence.Site, e evidence.ScopeException, i int) {
	declared := map[string]bool{"site": map[string]bool{
		"proxymap": s.ProxyMap.File+s.ProxyMap.URL != "", "layout": s.Layout != "" || len(s.Gadgets) > 0, "dns": len(s.DNS) > 0,
		"saml": s.SPMetadata.LAN+s.SPMetadata.Proxy+s.IdP.Metadata+s.IdSClients != "",
		"cti":  s.FinesseConfig != "" || len(s.CTI) > 0,
	}[e.Section]}
	for _, edge := range s.Edges {
		declared[edge.Subject] = map[string]bool{
			"nginxrules": edge.Nginx.Root+edge.Nginx.Dump != "", "iptables": edge.IPTables.V4+edge.IPTables.V6 != "",
			"netfilter": edge.IPTables.LegacyV4+edge.IPTables.LegacyV6+edge.IPTables.NFT != "", "ipsets": edge.IPTables.IPSets != "",
			"env": edge.Env != "", "host": edge.Host != evidence.HostFiles{}, "certchain": edge.Certificates != "",
		}[e.Section] || liveSection(e.Section) && len(edge.Live.Ports) > 0 || hostSection(e.Section) && edge.SSH.Declared()
	}
	for _, node := range s.Nodes {
		declared[node.Subject] = map[string]bool{
			"vos": true, "cors": true, "framing": true,
		}[e.Section] && (node.Transcript != "" || node.SSH.Declared()) ||
			e.Section == "certchain" && node.Certificates != "" || liveSection(e.Section) && len(node.Live.Ports) > 0
	}
	for _, c := range s.CTI {
		declared[c.Subject()] = declared[c.Subject()] || c.Live && (e.Section == "tlsposture" || e.Section == "certchain")
	}
	if _, known := declared[e.Target]; !known && e.Target != "*" {
		v.fail(fmt.Sprintf("out_of_scope: target %q is not declared", e.Target), "write *, site, edge/NAME, node/NAME or cti/INSTANCE-SIDE", "out_of_scope", i)
	}
	for target, has := range declared {
		if has && (e.Target == "*" || e.Target == target) {
			v.fail(fmt.Sprintf("out_of_scope: %s of %s is declared, so it is in scope", e.Section, target), "remove the exception, or what declares it", "out_of_scope", i)
		}
	}
}

// networks holds what packet rules are judged against to addresses and networks.
func (v *validator) networks(s *evidence.Site) {
	for _, zone := range [...]struct {
		name string
		list []string
	}{{"admins", s.Zones.Admins}, {"resolvers", s.Zones.Resolvers}, {"time", s.Zones.Time}, {"logs", s.Zones.Logs}, {"monitors", s.Zones.Monitors}} {
		for i, text := range zone.list {
			if !isNetwork(text) {
				v.fail(fmt.Sprintf("zones.%s: %q is no address and no network", zone.name, text), "write for example 10.9.1.0/24 or 10.9.0.53", "zones", zone.name, i)
			}
		}
	}
	for i, text := range s.LoadBalancers {
		if !isNetwork(text) && !hostName.MatchString(text) {
			v.fail(fmt.Sprintf("load_balancers: %q is neither an address nor a host name", text), "list each address and name of what stands in front of the edges", "load_balancers", i)
		}
	}
	for i, n := range s.Integrations {
		if u, err := url.Parse(n.EmbedderOrigin); n.EmbedderOrigin != "" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil) {
			v.fail(fmt.Sprintf("integration %s: embedder_origin %q is no origin", n.Name, n.EmbedderOrigin), "write scheme and host, and nothing after them, such as https://crm.example", "integrations", i, "embedder_origin")
		}
		if u, err := url.Parse(n.PlatformHost); n.PlatformHost != "" && !hostName.MatchString(n.PlatformHost) && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil) {
			v.fail(fmt.Sprintf("integration %s: platform_host %q is neither a host nor an origin", n.Name, n.PlatformHost), "write for example https://platform.crm.example", "integrations", i, "platform_host")
		}
	}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// contactCentre holds the declared releases to what rules can compare.
func (v *validator) contactCentre(s *evidence.Site) {
	for i, c := range s.ContactCentre {
		switch {
		case !slices.Contains(c.Component.Values(), string(c.Component)):
			v.fail(fmt.Sprintf("contact_center: component %q is unknown", c.Component), "components are "+strings.Join(c.Component.Values(), ", "), "contact_center", i)
		case !objectName.MatchString(c.Name):
			v.fail("contact_center: entry without a plain name", "write for example pg-a", "contact_center", i)
		case !release.MatchString(c.Version):
			v.fail(fmt.Sprintf("contact_center %s: version %q does not begin with two numbers", c.Name, c.Version), "write for example 12.6(2)", "contact_center", i)
		}
	}
}

var release = regexp.MustCompile(`^\d{1,3}\.\d{1,3}([.(].*)?$`)

// dns holds the looked-up views to one source each.
func (v *validator) dns(s *evidence.Site) {
	for i, d := range s.DNS {
		switch {
		case !slices.Contains([]evidence.Vantage{evidence.VantageLAN, evidence.VantageDMZ, evidence.VantageInternet}, d.View):
			v.fail(fmt.Sprintf("dns: view %q is none of lan, dmz and internet", d.View), "name the part of the network that the names were looked up in", "dns", i)
		case (d.Answers == "") == (d.Resolver == ""):
			v.fail("dns: an entry takes either answers or resolver", "name a file with the output of dig, or the address of a server to ask", "dns", i)
		case d.Resolver != "" && !isServer(d.Resolver):
			v.fail(fmt.Sprintf("dns: resolver %q is no address", d.Resolver), "write for example 10.9.0.53, or 10.9.0.53:5353", "dns", i, "resolver")
		case d.Answers != "" && len(d.Names) > 0:
			v.fail("dns: names are for a resolver", "saved answers hold their names; remove names", "dns", i)
		}
		for _, name := range d.Names {
			if !hostName.MatchString(name) {
				v.fail(fmt.Sprintf("dns: %q is no host name", name), "write for example desk-a.agents.example", "dns", i)
			}
		}
	}
}

// isServer reports whether a text is an address, or an address and a port.
func isServer(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	_, err := netip.ParseAddrPort(text)
	return err == nil
}

func isNetwork(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(text)
	return err == nil
}

// liveSection reports whether a section is gathered over the network.
func liveSection(name string) bool {
	return slices.Contains([]string{"tlsposture", "http", "corslive", "framinglive"}, name)
}

// hostSection reports whether reading an edge over SSH gives the section.
func hostSection(name string) bool {
	return slices.Contains([]string{"nginxrules", "iptables", "host"}, name)
}

type validator struct {
	name  string
	root  *yaml.Node
	first error
}

func (v *validator) fail(message, hint string, path ...any) {
	if v.first == nil {
		v.first = &Error{at(v.name, find(v.root, path...)), message, hint}
	}
}

func (v *validator) edges(s *evidence.Site) {
	names := map[string]bool{}
	for i, e := range s.Edges {
		if !objectName.MatchString(e.Name) {
			v.fail("edge without a plain name", "name is letters, digits, dots, hyphens", "edges", i, "name")
		}
		if names[e.Name] {
			v.fail(fmt.Sprintf("edge %q is declared twice", e.Name), "names are unique", "edges", i, "name")
		}
		names[e.Name] = true
		if e.Side != "" && e.Side != "a" && e.Side != "b" {
			v.fail(fmt.Sprintf("edge %s: side %q is neither a nor b", e.Name, e.Side), "write side: a or side: b", "edges", i, "side")
		}
		if e.Nginx.Root != "" && e.Nginx.Dump != "" {
			v.fail(fmt.Sprintf("edge %s: nginx has both root and dump", e.Name), "keep the one that is newer", "edges", i, "nginx")
		}
		if e.Nginx.Root != "" && e.Nginx.Conf == "" {
			v.fail(fmt.Sprintf("edge %s: nginx.conf is missing", e.Name), "name the main file inside root and prefix, such as conf/nginx.conf", "edges", i, "nginx")
		}
		for _, list := range [...][]string{e.Addresses.Public, e.Addresses.Private} {
			for _, a := range list {
				if _, err := netip.ParseAddr(a); err != nil {
					v.fail(fmt.Sprintf("edge %s: %q is no IP address", e.Name, a), "write for example 203.0.113.10; names belong into the proxy map", "edges", i, "addresses")
				}
			}
		}
		if e.SSH.Declared() && (e.Nginx.Root+e.Nginx.Dump != "" || e.IPTables != evidence.RuleSetFiles{}) {
			v.fail(fmt.Sprintf("edge %s: both ssh and captured files are declared", e.Name), "with ssh, nginx takes prefix and conf only, and iptables is read on the edge", "edges", i, "ssh")
		}
		if e.SSH.Declared() && e.Host != (evidence.HostFiles{XCCDF: e.Host.XCCDF}) {
			v.fail(fmt.Sprintf("edge %s: both ssh and host are declared", e.Name), "with ssh the host is read on the edge; only host.xccdf stays a file here", "edges", i, "host")
		}
		v.ssh(e.SSH, "edges", i, "ssh")
		v.ports(e.Live.Ports, "edges", i, "live")
	}
}

func (v *validator) nodes(s *evidence.Site) {
	clusters := map[string]bool{}
	for _, c := range s.Clusters {
		clusters[c.Name] = true
	}
	names := map[string]bool{}
	for i, n := range s.Nodes {
		switch {
		case !objectName.MatchString(n.Name):
			v.fail("node without a plain name", "name is letters, digits, dots, hyphens", "nodes", i, "name")
		case names[n.Name]:
			v.fail(fmt.Sprintf("node %q is declared twice", n.Name), "names are unique", "nodes", i, "name")
		case !slices.Contains(n.Role.Values(), string(n.Role)):
			v.fail(fmt.Sprintf("node %s: role %q is unknown", n.Name, n.Role), "roles are "+strings.Join(n.Role.Values(), ", "), "nodes", i, "role")
		case n.Host == "":
			v.fail(fmt.Sprintf("node %s: host is missing", n.Name), "host is the internal name in the proxy map", "nodes", i)
		case n.Cluster != "" && !clusters[n.Cluster]:
			v.fail(fmt.Sprintf("node %s: cluster %q is not declared", n.Name, n.Cluster), "declare it under clusters", "nodes", i, "cluster")
		}
		names[n.Name] = true
		for _, a := range n.Addresses {
			if _, err := netip.ParseAddr(a); err != nil {
				v.fail(fmt.Sprintf("node %s: %q is no IP address", n.Name, a), "write the address that packet rules name; the name is host", "nodes", i, "addresses")
			}
		}
		if n.Role == "gadget" && (n.SSH.Declared() || n.Transcript != "") {
			v.fail(fmt.Sprintf("node %s: a gadget server has no VOS command line", n.Name), "remove ssh and transcript, or correct the role", "nodes", i, "role")
		}
		if n.SSH.Declared() && n.Transcript != "" {
			v.fail(fmt.Sprintf("node %s: both ssh and transcript are declared", n.Name), "keep the one that is newer", "nodes", i, "ssh")
		}
		if n.ReadIDSSecret && (n.Role != "ids" || !n.SSH.Declared()) {
			v.fail(fmt.Sprintf("node %s: read_ids_secret is for identity servers that are read over ssh", n.Name), "remove it", "nodes", i, "read_ids_secret")
		}
		v.ssh(n.SSH, "nodes", i, "ssh")
		v.ports(n.Live.Ports, "nodes", i, "live")
	}
	for i, c := range s.Clusters {
		if !objectName.MatchString(c.Name) {
			v.fail("cluster without a plain name", "name is letters, digits, dots, hyphens", "clusters", i, "name")
		}
		for _, member := range append(slices.Clone(c.SideA), c.SideB...) {
			if !names[member] {
				v.fail(fmt.Sprintf("cluster %s: node %q is not declared", c.Name, member), "declare it under nodes", "clusters", i)
			}
		}
	}
}

// ssh holds an SSH entry to what a login needs.
func (v *validator) ssh(a evidence.SSHAccess, path ...any) {
	if a == (evidence.SSHAccess{}) {
		return
	}
	host, port, err := net.SplitHostPort(a.Address)
	if err != nil {
		host, port = a.Address, "22"
	}
	n, err := strconv.Atoi(port)
	switch {
	case host == "" || strings.ContainsAny(host, "/@ ") || err != nil || n < 1 || n > 65535:
		v.fail(fmt.Sprintf("ssh address %q is no host or host:port", a.Address), "write for example rp-a.dmz.example:22", path...)
	case a.User == "":
		v.fail("ssh: user is missing", "name the account of the audit", path...)
	case a.KnownHosts == "":
		v.fail("ssh: known_hosts is missing", "name a file with the host's key; the host is never trusted without it", path...)
	case a.Identity == "" && a.PasswordFile == "" && a.PasswordEnv == "":
		v.fail("ssh: no way to log in", "name one of identity, password_file, password_env", path...)
	case a.PasswordFile != "" && a.PasswordEnv != "":
		v.fail("ssh: both password_file and password_env are declared", "keep one of them", path...)
	}
}

// cti holds the declared CTI servers to what rules compare.
func (v *validator) cti(s *evidence.Site) {
	for i, c := range s.CTI {
		switch {
		case !objectName.MatchString(c.Instance):
			v.fail("cti without a plain instance name", "write for example CG1", "cti", i)
		case c.Side != "a" && c.Side != "b":
			v.fail(fmt.Sprintf("cti %s: side %q is neither a nor b", c.Instance, c.Side), "write side: a or side: b", "cti", i, "side")
		case c.SecuredPort < 0 || c.SecuredPort > 65535:
			v.fail(fmt.Sprintf("cti %s: secured_port %d is no port", c.Instance, c.SecuredPort), "write for example 42030", "cti", i, "secured_port")
		case !slices.Contains([]string{"", "secured", "mixed", "non-secured"}, c.Mode):
			v.fail(fmt.Sprintf("cti %s: mode %q is unknown", c.Instance, c.Mode), "secured, mixed or non-secured", "cti", i)
		case c.Host != "" && !hostName.MatchString(c.Host):
			v.fail(fmt.Sprintf("cti %s: host %q is no host name", c.Instance, c.Host), "write for example pg-a.corp.example", "cti", i, "host")
		case c.Live && (c.Host == "" || c.SecuredPort == 0):
			v.fail(fmt.Sprintf("cti %s: live without host and secured_port", c.Instance), "declare both, or remove live", "cti", i)
		case slices.ContainsFunc(s.CTI[:i], func(other evidence.CTIServer) bool { return other.Subject() == c.Subject() }):
			v.fail(fmt.Sprintf("cti %s side %s is declared twice", c.Instance, c.Side), "one entry for each side of an instance", "cti", i)
		}
	}
}

func (v *validator) ports(ports []string, path ...any) {
	for _, p := range ports {
		n, err := strconv.Atoi(p)
		if p != "from-map" && (err != nil || n < 1 || n > 65535) {
			v.fail(fmt.Sprintf("live port %q is no port", p), "list port numbers, or write from-map", path...)
		}
	}
}

func splitHostPort(s string) (string, int, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", 0, fmt.Errorf("want host:port")
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 || host == "" {
		return "", 0, fmt.Errorf("want host:port")
	}
	return host, n, nil
}
