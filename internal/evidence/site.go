// SPDX-License-Identifier: Apache-2.0

package evidence

import "strings"

// Site is the inventory that the site file declares. Paths are as written
// there; secrets are never part of it.
type Site struct {
	Name          string        `json:"site" mapstructure:"site"`
	Profile       ProfileChoice `json:"profile" mapstructure:"profile"`
	ProxyMap      MapLocation   `json:"proxymap" mapstructure:"proxymap"`
	Roots         []string      `json:"roots" mapstructure:"roots"`
	LoadBalancers []string      `json:"load_balancers" mapstructure:"load_balancers"`
	Zones         Zones         `json:"zones" mapstructure:"zones"`
	Clusters      []Cluster     `json:"clusters" mapstructure:"clusters"`
	Edges         []Edge        `json:"edges" mapstructure:"edges"`
	Nodes         []Node        `json:"nodes" mapstructure:"nodes"`
	CTI           []CTIServer   `json:"cti" mapstructure:"cti"`
	FinesseConfig string        `json:"finesse_config" mapstructure:"finesse_config"`
	IdSClients    string        `json:"ids_clients" mapstructure:"ids_clients"`
	IdP           IdP           `json:"idp" mapstructure:"idp"`
	SPMetadata    SPMetadata    `json:"sp_metadata" mapstructure:"sp_metadata"`
	Layout        string        `json:"layout" mapstructure:"layout"`
	// Surface is a file of paths that the gate may let through. It replaces or changes
	// what is shipped for the base profile.
	Surface string `json:"surface" mapstructure:"surface"`
	// Gadgets are specifications of gadgets, files or folders of them.
	Gadgets        []string              `json:"gadgets" mapstructure:"gadgets"`
	ContactCentre  []ContactCentreServer `json:"contact_center" mapstructure:"contact_center"`
	DNS            []DNSAnswers          `json:"dns" mapstructure:"dns"`
	Integrations   []Integration         `json:"integrations" mapstructure:"integrations"`
	Connect        []ConnectEntry        `json:"connect" mapstructure:"connect"`
	OutOfScope     []ScopeException      `json:"out_of_scope" mapstructure:"out_of_scope"`
	Attestations   string                `json:"attestations" mapstructure:"attestations"`
	Waivers        string                `json:"waivers" mapstructure:"waivers"`
	MaxAge         string                `json:"max_age" mapstructure:"max_age"`
	Deadline       string                `json:"deadline" mapstructure:"deadline"`
	DeclaredSource Source                `json:"source" mapstructure:"-"`
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
	// Certificates is a folder with the chain of the server that the nodes load
	// the map from, where it is not served to this collection.
	Certificates string `json:"certificates" mapstructure:"certificates"`
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
	Name       string        `json:"name" mapstructure:"name"`
	Subject    string        `json:"subject" mapstructure:"-"`
	Side       string        `json:"side" mapstructure:"side"`
	Addresses  EdgeAddresses `json:"addresses" mapstructure:"addresses"`
	Interfaces Interfaces    `json:"interfaces" mapstructure:"interfaces"`
	Nginx      NginxLocation `json:"nginx" mapstructure:"nginx"`
	// Env is the folder of the installer's environment files, or one of them.
	Env          string       `json:"env" mapstructure:"env"`
	IPTables     RuleSetFiles `json:"iptables" mapstructure:"iptables"`
	Host         HostFiles    `json:"host" mapstructure:"host"`
	Certificates string       `json:"certificates" mapstructure:"certificates"`
	// SSH, when set, is how the edge is read instead of from captured files.
	// Paths of this edge are then paths on it.
	SSH    SSHAccess `json:"ssh" mapstructure:"ssh"`
	Live   Live      `json:"live" mapstructure:"live"`
	Source Source    `json:"source" mapstructure:"-"`
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
//
// RunDump lets a collection over SSH, or on the edge itself, run nginx -T. As
// root that command creates the files and folders that the configuration names,
// so it is off unless asked for.
type NginxLocation struct {
	RunDump bool   `json:"run_dump" mapstructure:"run_dump"`
	Root    string `json:"root" mapstructure:"root"`
	Prefix  string `json:"prefix" mapstructure:"prefix"`
	Conf    string `json:"conf" mapstructure:"conf"`
	Dump    string `json:"dump" mapstructure:"dump"`
	Version string `json:"version" mapstructure:"version"`
}

// RuleSetFiles are the captured packet-filter rules of an edge. A kernel can
// hold rules of two backends at once: V4 and V6 are those of the iptables-save
// that is in use, LegacyV4 and LegacyV6 those of iptables-legacy-save beside it.
// NFT is the output of "nft -j list ruleset", IPSets that of "ipset save" or
// "ipset list".
type RuleSetFiles struct {
	V4       string `json:"v4" mapstructure:"v4"`
	V6       string `json:"v6" mapstructure:"v6"`
	LegacyV4 string `json:"legacy_v4" mapstructure:"legacy_v4"`
	LegacyV6 string `json:"legacy_v6" mapstructure:"legacy_v6"`
	NFT      string `json:"nft" mapstructure:"nft"`
	IPSets   string `json:"ipsets" mapstructure:"ipsets"`
}

// HostFiles are captured facts of the edge's operating system, each the output
// of one tool. Root is a captured tree that plays "/": what lies in etc is found
// in it.
type HostFiles struct {
	Root string `json:"root" mapstructure:"root"`
	// Sysctl is the output of "sysctl -a".
	Sysctl string `json:"sysctl" mapstructure:"sysctl"`
	// SSHD is the output of "sshd -T".
	SSHD string `json:"sshd" mapstructure:"sshd"`
	// Files is the output of "stat -c '%a %U %G %n'" for any number of files.
	Files string `json:"files" mapstructure:"files"`
	// Mounts is the output of "findmnt", "mount", or a copy of /proc/self/mounts.
	Mounts string `json:"mounts" mapstructure:"mounts"`
	// Users is the output of "passwd -S -a" (or one line of it for each user).
	Users string `json:"users" mapstructure:"users"`
	// Units is the output of "systemctl list-unit-files", and UnitStates that of
	// "systemctl list-units --all".
	Units      string `json:"units" mapstructure:"units"`
	UnitStates string `json:"unit_states" mapstructure:"unit_states"`
	// SELinux is the output of "sestatus" or "getenforce", SELinuxPorts that of
	// "semanage port -l".
	SELinux      string `json:"selinux" mapstructure:"selinux"`
	SELinuxPorts string `json:"selinux_ports" mapstructure:"selinux_ports"`
	// Sockets is the output of "ss -H -l -n -t -u -p" with or without its header.
	Sockets string `json:"sockets" mapstructure:"sockets"`
	// Addresses and Routes are the outputs of "ip -j address" and "ip -j route
	// show table all" (or the same without -j).
	Addresses string `json:"addresses" mapstructure:"addresses"`
	Routes    string `json:"routes" mapstructure:"routes"`
	// Packages is the output of "rpm -qa --last" or "dpkg-query -W", Updates that of
	// "dnf -C updateinfo list" or "apt list --upgradable".
	Packages string `json:"packages" mapstructure:"packages"`
	Updates  string `json:"updates" mapstructure:"updates"`
	// CPU is the output of "lscpu", Memory a copy of /proc/meminfo, and Volumes the
	// output of "df -P" or "df -h".
	CPU     string `json:"cpu" mapstructure:"cpu"`
	Memory  string `json:"memory" mapstructure:"memory"`
	Volumes string `json:"volumes" mapstructure:"volumes"`
	// XCCDF is an OpenSCAP result: an XCCDF or ARF document. It is a file beside
	// the site file even where the edge is read over SSH.
	XCCDF string `json:"xccdf" mapstructure:"xccdf"`
}

// SSHAccess is how a host is reached over SSH. The host key is always checked
// against KnownHosts. Secrets stand in files or environment variables, never
// here.
type SSHAccess struct {
	// Address is "host:port"; the port defaults to 22.
	Address string `json:"address" mapstructure:"address"`
	User    string `json:"user" mapstructure:"user"`
	// Identity is a private key file; PassphraseEnv names the environment
	// variable that holds its passphrase.
	Identity      string `json:"identity" mapstructure:"identity"`
	PassphraseEnv string `json:"passphrase_env" mapstructure:"passphrase_env"`
	// PasswordFile holds a password in its first line; PasswordEnv names the
	// environment variable that does.
	PasswordFile string `json:"password_file" mapstructure:"password_file"`
	PasswordEnv  string `json:"password_env" mapstructure:"password_env"`
	KnownHosts   string `json:"known_hosts" mapstructure:"known_hosts"`
}

// Declared reports whether the host is to be read over SSH.
func (a SSHAccess) Declared() bool { return a.Address != "" }

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
	Name       string   `json:"name" mapstructure:"name"`
	Subject    string   `json:"subject" mapstructure:"-"`
	Role       NodeRole `json:"role" mapstructure:"role"`
	Host       string   `json:"host" mapstructure:"host"`
	Addresses  []string `json:"addresses" mapstructure:"addresses"`
	Cluster    string   `json:"cluster" mapstructure:"cluster"`
	Version    string   `json:"version" mapstructure:"version"`
	Transcript string   `json:"transcript" mapstructure:"transcript"`
	// SSH, when set, is how the node's command line is read instead of from a
	// transcript.
	SSH SSHAccess `json:"ssh" mapstructure:"ssh"`
	// ReadIDSSecret lets a collection over SSH run "show ids secret" on an
	// identity server. Its answer is redacted to a digest before it is kept.
	ReadIDSSecret bool   `json:"read_ids_secret" mapstructure:"read_ids_secret"`
	Certificates  string `json:"certificates" mapstructure:"certificates"`
	Live          Live   `json:"live" mapstructure:"live"`
	Source        Source `json:"source" mapstructure:"-"`
}

// CTIServer is one side of a CTI server pair that Finesse connects to.
type CTIServer struct {
	// Instance is the instance name, such as CG1.
	Instance string `json:"instance" mapstructure:"instance"`
	// Side is "a" or "b".
	Side string `json:"side" mapstructure:"side"`
	// SecuredPort is the port of secured connections, 0 when not declared.
	SecuredPort int `json:"secured_port" mapstructure:"secured_port"`
	// Mode is secured, mixed or non-secured; empty when not declared.
	Mode string `json:"mode" mapstructure:"mode"`
	// Certificates is a folder with the certificates of the peripheral gateway.
	Certificates string `json:"certificates" mapstructure:"certificates"`
	// Host is the name of the peripheral gateway. With Live, its secured port is
	// asked which TLS it speaks.
	Host   string `json:"host" mapstructure:"host"`
	Live   bool   `json:"live" mapstructure:"live"`
	Source Source `json:"source" mapstructure:"-"`
}

// Subject is "cti/INSTANCE-SIDE".
func (c CTIServer) Subject() string {
	return Subject("cti", c.Instance+"-"+strings.ToLower(strings.TrimSpace(c.Side)))
}

// ContactCentreRole is a part of the contact centre behind the VOS nodes.
type ContactCentreRole string

// Values lists the members of the enumeration, for the schema.
func (ContactCentreRole) Values() []string {
	return []string{"pg", "router", "logger", "cc", "aw"}
}

// ContactCentreServer is a server of the contact centre with its declared
// release. CC is the central controller as a whole, AW the administration
// workstation.
type ContactCentreServer struct {
	Component ContactCentreRole `json:"component" mapstructure:"component"`
	Name      string            `json:"name" mapstructure:"name"`
	// Version begins with major and minor number, such as 12.6(2).
	Version string `json:"version" mapstructure:"version"`
	Source  Source `json:"source" mapstructure:"-"`
}

// DNSAnswers is where the names of one view of the network are looked up: in
// saved output of dig or getent, or at a resolver, which is asked for the
// declared hosts and for Names.
type DNSAnswers struct {
	View     Vantage  `json:"view" mapstructure:"view"`
	Answers  string   `json:"answers" mapstructure:"answers"`
	Resolver string   `json:"resolver" mapstructure:"resolver"`
	Names    []string `json:"names" mapstructure:"names"`
	Source   Source   `json:"source" mapstructure:"-"`
}

// SPMetadata are the SAML metadata files of the identity service as a service
// provider: the one for the local network, and the one that names the proxy.
type SPMetadata struct {
	LAN   string `json:"lan" mapstructure:"lan"`
	Proxy string `json:"proxy" mapstructure:"proxy"`
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
	// PlatformHost is the origin, or the host, that the application itself is
	// served from and that the desktop's pages load.
	PlatformHost string `json:"platform_host" mapstructure:"platform_host"`
	Source       Source `json:"source" mapstructure:"-"`
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
