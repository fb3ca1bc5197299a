// SPDX-License-Identifier: Apache-2.0

package site

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Draft is what a first site file is written from.
type Draft struct {
	// Name is the site's name; empty leaves it to a human.
	Name string
	// Map is the proxy map, and where the site file is to say that it lies.
	Map      evidence.ProxyMap
	Location evidence.MapLocation
	// Edges are those of bundles that were gathered on edges.
	Edges []DraftEdge
}

// DraftEdge is an edge as its own bundle shows it.
type DraftEdge struct {
	Name string
	// Interfaces are its network interfaces with their addresses.
	Interfaces []DraftInterface
}

// DraftInterface is a network interface.
type DraftInterface struct {
	Name      string
	Addresses []string
}

// fill marks what a human must look at.
const fill = "# FILL IN: "

// Text writes the site file: every name that was found, and a comment wherever
// only a human knows. It is a site file that loads as it stands.
func (d Draft) Text() []byte {
	w := &draftWriter{}
	w.line("# A first site file. Lines marked FILL IN hold a guess or a placeholder; what is")
	w.line("# left out is reported as not known, never as right.")
	if name := d.Name; objectName.MatchString(name) {
		w.line("site: %s", name)
	} else {
		w.line("site: my-site  %sa name for reports", fill)
	}
	w.line("profile: finesse-12.6.1  %sthe release; postern rules profiles lists them", fill)
	switch {
	case d.Location.File != "":
		w.line("proxymap: {file: %s}", scalar(d.Location.File))
	case d.Location.URL != "" && d.Location.CA != "":
		w.line("proxymap: {url: %s, ca: %s}", scalar(d.Location.URL), scalar(d.Location.CA))
	case d.Location.URL != "":
		w.line("proxymap: {url: %s}  %sca: the CA of the map server, for https", scalar(d.Location.URL), fill)
	default:
		w.line("# proxymap: {file: proxymap.txt}  %swhere the master map lies", fill)
	}
	w.line("roots: []  %sPEM files of the authorities that you trust", fill)
	w.line("load_balancers: []  %severy address that stands in front of the edges", fill)
	w.line("zones: {admins: [], resolvers: [], time: [], logs: [], monitors: []}  %snetworks that packet rules may name", fill)
	nodes := d.nodes()
	if idp := d.idp(); idp != "" {
		w.line("idp: {host: %s}  %sguessed from its name; metadata: idp.xml is what it publishes", scalar(idp), fill)
	} else {
		w.line("# idp: {host: sso.example, metadata: idp.xml}")
	}
	w.line("# sp_metadata: {lan: sp-lan.xml, proxy: sp-proxy.xml}")
	w.line("# ids_clients: ids-clients.yaml  [{client: FINESSE, redirect_uris: [...]}]")
	w.line("# layout: layout.xml")
	w.line("# surface: my-paths.yaml  paths that your gate may let through besides, or instead of, the shipped ones")
	w.line("# finesse_config: systemconfig.xml")
	w.line("# cti: [{instance: CG1, side: a, secured_port: 42030, mode: secured, certificates: cti/a, host: pg-a.corp.example, live: true}]")
	w.line("# integrations: [{name: crm, embedder_origin: \"https://crm.example\", platform_host: \"https://app.crm.example\"}]")
	w.line("# gadgets: [gadgets/]  specifications of gadgets, in XML")
	w.line("# contact_center: [{component: pg, name: pg-a, version: \"12.6(2)\"}]  also router, logger, cc, aw")
	w.line("# dns: [{view: internet, answers: dig.txt}, {view: lan, resolver: 10.9.0.53}]  what the names lead to")
	d.clusters(w, nodes)
	d.edges(w)
	w.line("nodes:")
	if len(nodes) == 0 {
		w.line("  []  %severy server behind the edges", fill)
	}
	for _, n := range nodes {
		w.line("  - name: %s", n.name)
		w.line("    role: %s  %s%s", n.role, fill, n.why)
		w.line("    host: %s", scalar(n.host))
		w.line("    addresses: []  %sas the packet rules name it", fill)
		if n.cluster != "" {
			w.line("    cluster: %s", n.cluster)
		}
		w.line("    # transcript: %s/cli.txt  %sits command line, or ssh: {address, user, known_hosts, identity}", n.name, fill)
		w.line("    # certificates: %s/certs/", n.name)
		w.line("    # live: {ports: %s}  its own listeners, from the local network", flow(n.ports))
	}
	w.line("max_age: 72h")
	w.line("deadline: 15m")
	return []byte(w.String())
}

type draftWriter struct{ strings.Builder }

func (w *draftWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// draftNode is one internal host of the map.
type draftNode struct {
	name, host, role, why, cluster string
	ports                          []string
	external                       []string
}

// rolesByPort are the published default ports of the components.
var rolesByPort = map[int]string{
	8445: "finesse", 5223: "finesse", 7443: "finesse", 8444: "cuic", 8447: "cuic", 12005: "livedata", 12008: "livedata",
	8553: "ids", 5280: "imp", 15280: "imp", 25280: "imp",
}

// identity is how hosts of identity providers are often called.
var identity = regexp.MustCompile(`(?i)^(?:sso|adfs|idp|sts|login|fs)[0-9-]*\.`)

// isIdP reports whether an internal endpoint looks like the identity provider.
func isIdP(e evidence.Endpoint) bool {
	return (!e.HasPort || e.Port == 443) && identity.MatchString(e.Host)
}

// idp is the external name of what looks like the identity provider.
func (d Draft) idp() string {
	for _, e := range d.Map.Entries {
		if isIdP(e.Internal) {
			return e.External.Host
		}
	}
	return ""
}

func (d Draft) nodes() []draftNode {
	var out []draftNode
	names := map[string]bool{}
	for _, e := range d.Map.Entries {
		if isIdP(e.Internal) {
			continue
		}
		port := 443
		if e.Internal.HasPort {
			port = e.Internal.Port
		}
		i := slices.IndexFunc(out, func(n draftNode) bool { return strings.EqualFold(n.host, e.Internal.Host) })
		if i < 0 {
			name, _, _ := strings.Cut(strings.ToLower(e.Internal.Host), ".")
			if e.Internal.IPAddress || !objectName.MatchString(name) || names[name] {
				name = fmt.Sprintf("node-%d", len(out)+1)
			}
			names[name] = true
			out = append(out, draftNode{name: name, host: e.Internal.Host})
			i = len(out) - 1
		}
		n := &out[i]
		n.ports = append(n.ports, strconv.Itoa(port))
		n.external = append(n.external, strings.ToLower(e.External.Host))
		if role := rolesByPort[port]; role != "" && n.role == "" {
			n.role, n.why = role, fmt.Sprintf("guessed from port %d", port)
		}
	}
	finesse := 0
	for i := range out {
		if out[i].role == "" {
			out[i].role, out[i].why = "gadget", "no port tells; one of "+strings.Join(evidence.NodeRole("").Values(), ", ")
		}
		if out[i].role == "finesse" {
			finesse++
		}
	}
	if finesse > 0 {
		for i := range out {
			if out[i].role != "gadget" {
				out[i].cluster = "main"
			}
		}
	}
	return out
}

// clusters writes one cluster with everything that has a known role. Its sides
// are guessed by the external names: what shares one belongs together.
func (d Draft) clusters(w *draftWriter, nodes []draftNode) {
	var first string
	sides := [2][]string{}
	for _, n := range nodes {
		if n.cluster == "" {
			continue
		}
		if first == "" {
			first = n.external[0]
		}
		side := 1
		if slices.Contains(n.external, first) {
			side = 0
		}
		sides[side] = append(sides[side], n.name)
	}
	if first == "" {
		w.line("clusters: []  %s[{name: main, side_a: [...], side_b: [...]}]", fill)
		return
	}
	w.line("clusters:")
	w.line("  - name: main  %sguessed from the external names", fill)
	w.line("    side_a: %s", flow(sides[0]))
	w.line("    side_b: %s", flow(sides[1]))
}

func (d Draft) edges(w *draftWriter) {
	w.line("edges:")
	external := map[string]bool{}
	var names []string
	for _, e := range d.Map.Entries {
		if host := strings.ToLower(e.External.Host); !external[host] {
			external[host] = true
			names = append(names, host)
		}
	}
	if len(names) > 0 {
		w.line("  # the map names %s", strings.Join(names, ", "))
	}
	if len(d.Edges) == 0 {
		w.line("  - name: rp-a  %sone entry for each proxy host", fill)
		w.line("    side: a")
		w.line("    addresses: {public: [], private: []}  %sas seen from the internet and from inside", fill)
		w.line("    # interfaces: {external: ens192, internal: ens224}")
		w.line("    # nginx: {root: rp-a/tree, prefix: usr/local/openresty/nginx, conf: conf/nginx.conf}")
		w.line("    # iptables: {v4: rp-a/iptables-save.txt, v6: rp-a/ip6tables-save.txt}")
		w.line("    # host: {root: rp-a/tree, sysctl: rp-a/sysctl.txt, sshd: rp-a/sshd-T.txt, files: rp-a/stat.txt}")
		w.line("    # env: rp-a/envs")
		w.line("    # certificates: rp-a/certs")
		w.line("    # or over SSH: ssh: {address: rp-a.dmz.example, user: auditor, identity: id_ed25519, known_hosts: known_hosts}")
		w.line("    # or gather all of it there: postern collect host --site NAME --edge rp-a -o rp-a.zip")
		w.line("    # live: {ports: [from-map]}  leave out to stay off the network")
		return
	}
	for _, e := range d.Edges {
		w.line("  - name: %s", e.Name)
		w.line("    side: a  %sa or b", fill)
		public, private, faces := e.split()
		w.line("    addresses: {public: %s, private: %s}  %slook at both, behind translation they differ", flow(public), flow(private), fill)
		if faces != "" {
			w.line("    interfaces: {%s}  %swhich one faces the internet", faces, fill)
		}
		w.line("    # its evidence comes with --with; live: {ports: [from-map]} adds its listeners")
	}
}

// split sorts the addresses of an edge, and names an interface for each side
// where one address tells.
func (e DraftEdge) split() (public, private []string, faces string) {
	var external, internal string
	for _, i := range e.Interfaces {
		for _, text := range i.Addresses {
			a, err := netip.ParseAddr(text)
			if err != nil || a.IsLoopback() || a.IsLinkLocalUnicast() {
				continue
			}
			if a.IsPrivate() {
				private = append(private, text)
				internal = i.Name
			} else {
				public = append(public, text)
				external = i.Name
			}
		}
	}
	var parts []string
	if external != "" {
		parts = append(parts, "external: "+scalar(external))
	}
	if internal != "" && internal != external {
		parts = append(parts, "internal: "+scalar(internal))
	}
	return public, private, strings.Join(parts, ", ")
}

var plainScalar = regexp.MustCompile(`^[A-Za-z0-9_./-][A-Za-z0-9_./:-]*$`)

// scalar writes a text as a YAML value, quoted unless it is plainly plain.
func scalar(s string) string {
	if plainScalar.MatchString(s) && !strings.HasSuffix(s, ":") && !strings.HasPrefix(s, "-") {
		return s
	}
	return strconv.Quote(s)
}

func flow(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = scalar(s)
		if strings.Contains(s, ":") {
			quoted[i] = strconv.Quote(s)
		}
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
