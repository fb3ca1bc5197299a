// SPDX-License-Identifier: Apache-2.0

package evidence

// Site is the inventory that the site file declares. Paths are as written
// there; secrets are never part of it.
type Site struct {
	Name           string           `json:"site" mapstructure:"site"`
	Profile        ProfileChoice    `json:"profile" mapstructure:"profile"`
	ProxyMap       MapLocation      `json:"proxymap" mapstructure:"proxymap"`
	Roots          []string         `json:"roots" mapstructure:"roots"`
	LoadBalancers  []string         `json:"load_balancers" mapstructure:"load_balancers"`
	Zones          Zones            `json:"zones" mapstructure:"zones"`
	Clusters       []Cluster        `json:"clusters" mapstructure:"clusters"`
	Edges          []Edge           `json:"edges" mapstructure:"edges"`
	Nodes          []Node           `json:"nodes" mapstructure:"nodes"`
	IdP            IdP              `json:"idp" mapstructure:"idp"`
	Integrations   []Integration    `json:"integrations" mapstructure:"integrations"`
	Connect        []ConnectEntry   `json:"connect" mapstructure:"connect"`
	OutOfScope     []ScopeException `json:"out_of_scope" mapstructure:"out_of_scope"`
	Waivers        string           `json:"waivers" mapstructure:"waivers"`
	MaxAge         string           `json:"max_age" mapstructure:"max_age"`
	Deadline       string           `json:"deadline" mapstructure:"deadline"`
	DeclaredSource Source           `json:"source" mapstructure:"-"`
}

// ProfileChoice names the profile that the site is judged by. ES is the
// engineering special of the Finesse nodes, "unknown" where not declared.
type ProfileChoice struct {
	Base     string   `json:"base" mapstructure:"base"`
	Overlays []string `json:"overlays" mapstructure:"overlays"`
	ES       string   `json:"es" mapstructure:"es"`
}

// MapLocation is where the master proxy map is read: a file or a URL, and for
// a URL the pinned CA that its server must chain to.
type MapLocation struct {
	File string `json:"file" mapstructure:"file"`
	URL  string `json:"url" mapstructure:"url"`
	CA   string `json:"ca" mapstructure:"ca"`
}

// Zones are the address sets that packet rules are judged against.
type Zones struct {
	Admins    []string `json:"admins" mapstructure:"admins"`
	Resolvers []string `json:"resolvers" mapstructure:"resolvers"`
	Time      []string `json:"time" mapstructure:"time"`
	Logs      []string `json:"logs" mapstructure:"logs"`
	Monitors  []string `json:"monitors" mapstructure:"monitors"`
}

// Cluster is one cluster of nodes with its two sides.
type Cluster struct {
	Name   string   `json:"name" mapstructure:"name"`
	SideA  []string `json:"side_a" mapstructure:"side_a"`
	SideB  []string `json:"side_b" mapstructure:"side_b"`
	Source Source   `json:"source" mapstructure:"-"`
}

// Edge is one DMZ proxy host.
type Edge struct {
	Name         string        `json:"name" mapstructure:"name"`
	Subject      string        `json:"subject" mapstructure:"-"`
	Side         string        `json:"side" mapstructure:"side"`
	Addresses    EdgeAddresses `json:"addresses" mapstructure:"addresses"`
	Interfaces   Interfaces    `json:"interfaces" mapstructure:"interfaces"`
	Nginx        NginxLocation `json:"nginx" mapstructure:"nginx"`
	IPTables     RuleSetFiles  `json:"iptables" mapstructure:"iptables"`
	Certificates string        `json:"certificates" mapstructure:"certificates"`
	Live         Live          `json:"live" mapstructure:"live"`
	Source       Source        `json:"source" mapstructure:"-"`
}

// EdgeAddresses are the addresses of an edge, by the network that sees them.
type EdgeAddresses struct {
	Public  []string `json:"public" mapstructure:"public"`
	Private []string `json:"private" mapstructure:"private"`
}

// Interfaces names the network interfaces of an edge.
type Interfaces struct {
	External string `json:"external" mapstructure:"external"`
	Internal string `json:"internal" mapstructure:"internal"`
}

// NginxLocation is where an edge's configuration is read: a captured tree
// (Root plays "/", Prefix and Conf are inside it) or the output of nginx -T.
// Version is a file with the output of nginx -V, or the version itself.
type NginxLocation struct {
	Root    string `json:"root" mapstructure:"root"`
	Prefix  string `json:"prefix" mapstructure:"prefix"`
	Conf    string `json:"conf" mapstructure:"conf"`
	Dump    string `json:"dump" mapstructure:"dump"`
	Version string `json:"version" mapstructure:"version"`
}

// RuleSetFiles are the captured packet-filter rules of an edge.
type RuleSetFiles struct {
	V4 string `json:"v4" mapstructure:"v4"`
	V6 string `json:"v6" mapstructure:"v6"`
}

// Live says which ports may be contacted over the network. Ports is empty
// (none), ["from-map"] (every external port of the proxy map that names this
// edge), or a list of port numbers.
type Live struct {
	Ports []string `json:"ports" mapstructure:"ports"`
}

// NodeRole is the product that runs on a node.
type NodeRole string

// Values lists the members of the enumeration, for the schema.
func (NodeRole) Values() []string {
	return []string{
		"finesse", "cuic", "ids", "livedata", "imp", "cloudconnect", "ucm", "uccx", "socialminer", "mediasense", "gadget",
	}
}

// TrustsProxies reports whether a node of this role keeps its own list of
// trusted reverse proxies, and a copy of the proxy map.
func (r NodeRole) TrustsProxies() bool {
	switch r {
	case "finesse", "cuic", "ids", "livedata", "cloudconnect", "uccx":
		return true
	}
	return false
}

// Node is one VOS server behind the edge, or another upstream.
type Node struct {
	Name         string   `json:"name" mapstructure:"name"`
	Subject      string   `json:"subject" mapstructure:"-"`
	Role         NodeRole `json:"role" mapstructure:"role"`
	Host         string   `json:"host" mapstructure:"host"`
	Addresses    []string `json:"addresses" mapstructure:"addresses"`
	Cluster      string   `json:"cluster" mapstructure:"cluster"`
	Version      string   `json:"version" mapstructure:"version"`
	Transcript   string   `json:"transcript" mapstructure:"transcript"`
	Certificates string   `json:"certificates" mapstructure:"certificates"`
	Live         Live     `json:"live" mapstructure:"live"`
	Source       Source   `json:"source" mapstructure:"-"`
}

// IdP is the identity provider of single sign-on.
type IdP struct {
	Host     string `json:"host" mapstructure:"host"`
	Metadata string `json:"metadata" mapstructure:"metadata"`
}

// Integration is a third-party application that embeds the desktop.
type Integration struct {
	Name           string `json:"name" mapstructure:"name"`
	EmbedderOrigin string `json:"embedder_origin" mapstructure:"embedder_origin"`
	Source         Source `json:"source" mapstructure:"-"`
}

// ConnectEntry makes the dialer use another address for a declared name and
// port, so that a lab can listen elsewhere while evidence keeps the names.
type ConnectEntry struct {
	From string `json:"from" mapstructure:"from"`
	To   string `json:"to" mapstructure:"to"`
}

// ScopeException turns the unknowns of a deliberate absence into
// not-applicable. Target is a subject or "*".
type ScopeException struct {
	Section string `json:"section" mapstructure:"section"`
	Target  string `json:"target" mapstructure:"target"`
	Reason  string `json:"reason" mapstructure:"reason"`
	Source  Source `json:"source" mapstructure:"-"`
}
