// SPDX-License-Identifier: Apache-2.0

package evidence

// Family is the network protocol that a rule set filters.
type Family string

const (
	IPv4 Family = "ipv4"
	IPv6 Family = "ipv6"
)

// Values lists the members of the enumeration, for the schema.
func (Family) Values() []string { return []string{string(IPv4), string(IPv6)} }

// RuleSet is one captured packet-filter rule set: what the iptables-save, or
// ip6tables-save, that is in use shows.
type RuleSet struct {
	// Target is "edge/NAME".
	Target   string           `json:"target"`
	Family   Family           `json:"family"`
	Chains   []PacketChain    `json:"chains"`
	Rules    []PacketRule     `json:"rules"`
	Problems []RuleSetProblem `json:"problems"`
	Source   Source           `json:"source"`
}

// PacketChain is one chain. Policy is ACCEPT or DROP for a built-in chain and
// "-" for one of the administrator's.
type PacketChain struct {
	Table   string `json:"table"`
	Name    string `json:"name"`
	BuiltIn bool   `json:"built_in"`
	Policy  string `json:"policy"`
	Source  Source `json:"source"`
}

// PacketRule is one rule, in the order of its chain. Fields are empty where the
// rule does not match on them.
type PacketRule struct {
	Table string `json:"table"`
	Chain string `json:"chain"`
	// Index is the position in the chain, from 1.
	Index int    `json:"index"`
	Text  string `json:"text"`
	// Verdict is the target: ACCEPT, DROP, REJECT, LOG, a chain's name ...
	Verdict string `json:"verdict"`
	// Goto is set when the rule branches without return.
	Goto bool `json:"goto"`
	// Unconditional is set when the rule matches every packet.
	Unconditional bool           `json:"unconditional"`
	Protocol      Match          `json:"protocol"`
	SourceNet     Match          `json:"source_net"`
	DestNet       Match          `json:"dest_net"`
	InInterface   Match          `json:"in_interface"`
	OutInterface  Match          `json:"out_interface"`
	SourcePorts   PortMatch      `json:"source_ports"`
	DestPorts     PortMatch      `json:"dest_ports"`
	States        Match          `json:"states"`
	TCPFlags      string         `json:"tcp_flags"`
	ConnLimit     ConnLimit      `json:"conn_limit"`
	HashLimit     HashLimit      `json:"hash_limit"`
	Limit         string         `json:"limit"`
	ICMPType      string         `json:"icmp_type"`
	Comment       string         `json:"comment"`
	Options       []TargetOption `json:"options"`
	// Effect is what the rule does to a packet that it matches.
	Effect PacketEffect `json:"effect"`
	// Actions are the names of what an nft rule does before its verdict, such as LOG.
	Actions []string `json:"actions"`
	// Unmodelled are the matches, as written, that none of the fields above says:
	// the rule then matches a part of what they say.
	Unmodelled []string `json:"unmodelled"`
	// Matches are the same matches with their parameters, in the same order.
	Matches []PacketMatch `json:"matches"`
	Source  Source        `json:"source"`
}

// PacketEffect is what a rule does to a packet: jump goes on in a chain of the same
// table; log and alter let the packet go on; queue asks a program; unknown is a
// target whose meaning is not modelled.
type PacketEffect string

// Values lists the members of the enumeration, for the schema.
func (PacketEffect) Values() []string {
	return []string{"none", "accept", "drop", "reject", "return", "jump", "log", "alter", "nat", "queue", "unknown"}
}

// PacketMatchKind is what a match compares. Those whose bytes are kept but not
// understood are string, u32, bpf and unmodelled.
type PacketMatchKind string

// Values lists the members of the enumeration, for the schema.
func (PacketMatchKind) Values() []string {
	return []string{
		"protocol", "network-protocol", "source", "destination", "source-range", "destination-range", "in-interface", "out-interface", "fragment",
		"source-ports", "destination-ports", "ports", "states", "ct-direction", "ct-status", "ct-protocol", "ct-original-source",
		"ct-original-destination", "ct-reply-source", "ct-reply-destination", "ct-original-source-port", "ct-original-destination-port",
		"ct-reply-source-port", "ct-reply-destination-port", "ct-expire", "tcp-flags", "tcp-option", "tcp-mss", "icmp-type", "icmpv6-type", "mark",
		"connmark", "length", "hop-limit", "mac", "packet-type", "dscp", "spi", "helper", "owner", "address-type", "limit", "connlimit", "hashlimit",
		"recent", "set", "rpfilter", "socket", "physdev", "time", "statistic", "quota", "connbytes", "policy", "frag", "string", "u32", "bpf", "unmodelled",
	}
}

// PacketMatch is one condition of a rule with its parameters. A rule applies when
// all of its conditions hold.
type PacketMatch struct {
	Kind PacketMatchKind `json:"kind"`
	// Module is the name after -m, "nft" for an expression of nft, and "xt NAME" for
	// a match of iptables whose parameters are not known.
	Module  string   `json:"module"`
	Negated bool     `json:"negated"`
	Values  []string `json:"values"`
	// Ranges are the numbers that the match takes in: ports; bytes for length and
	// tcp-mss; hops; type*256+code for ICMP.
	Ranges []PacketNumbers `json:"ranges"`
	// Parameters are those of a match that has several, such as recent or set.
	Parameters []PacketParameter `json:"parameters"`
	Text       string            `json:"text"`
}

// PacketNumbers is an inclusive range of numbers; nothing where From is above To.
type PacketNumbers struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// PacketParameter is a parameter of a match, such as --seconds 60. Value is empty
// for a mere flag.
type PacketParameter struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Negated bool   `json:"negated"`
}

// Match is a set of values that a packet's property is compared with.
type Match struct {
	Set     bool     `json:"set"`
	Negated bool     `json:"negated"`
	Values  []string `json:"values"`
}

// PortMatch is a set of port ranges.
type PortMatch struct {
	Set     bool        `json:"set"`
	Negated bool        `json:"negated"`
	Ranges  []PortRange `json:"ranges"`
}

// PortRange is an inclusive range of ports.
type PortRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// ConnLimit is the connlimit match: parallel connections by source.
type ConnLimit struct {
	Set bool `json:"set"`
	// Above is set for --connlimit-above, else it is --connlimit-upto.
	Above bool `json:"above"`
	Count int  `json:"count"`
	Mask  int  `json:"mask"`
}

// HashLimit is the hashlimit match: a rate for each bucket.
type HashLimit struct {
	Set   bool   `json:"set"`
	Above bool   `json:"above"`
	Name  string `json:"name"`
	Mode  string `json:"mode"`
	// Rate is packets in Per milliseconds, as written: 6/sec is 6 in 1000.
	Rate  int `json:"rate"`
	Per   int `json:"per"`
	Burst int `json:"burst"`
}

// TargetOption is an option of the rule's target, such as --log-prefix.
type TargetOption struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// RuleSetProblem is a line that could not be read.
type RuleSetProblem struct {
	Message string `json:"message"`
	Text    string `json:"text"`
	Source  Source `json:"source"`
}

// BackendKind is one of the two ways in which a kernel filters packets.
type BackendKind string

const (
	// BackendLegacy is xtables, as iptables-legacy-save shows it.
	BackendLegacy BackendKind = "iptables-legacy"
	// BackendNFT is nf_tables, as nft shows it.
	BackendNFT BackendKind = "nftables"
)

// Values lists the members of the enumeration, for the schema.
func (BackendKind) Values() []string { return []string{string(BackendLegacy), string(BackendNFT)} }

// TableFamily is the packets that a table sees; inet is IPv4 and IPv6.
type TableFamily string

// Values lists the members of the enumeration, for the schema.
func (TableFamily) Values() []string {
	return []string{"ipv4", "ipv6", "inet", "arp", "bridge", "netdev"}
}

// FilterBackend is the rules of one backend and family beside those of section
// iptables. The kernel runs all of them: a packet passes only if each lets it.
type FilterBackend struct {
	// Target is "edge/NAME".
	Target   string           `json:"target"`
	Backend  BackendKind      `json:"backend"`
	Family   TableFamily      `json:"family"`
	Chains   []BackendChain   `json:"chains"`
	Rules    []PacketRule     `json:"rules"`
	Sets     []IPSet          `json:"sets"`
	Problems []RuleSetProblem `json:"problems"`
	Source   Source           `json:"source"`
}

// BackendChain is one chain of a backend.
type BackendChain struct {
	Table   string `json:"table"`
	Name    string `json:"name"`
	BuiltIn bool   `json:"built_in"`
	// Policy is ACCEPT or DROP for a chain that the kernel calls, else "-".
	Policy string `json:"policy"`
	// Type, Hook, Device and Priority are those of a base chain of nft. Chains of one
	// hook run from the lowest priority up.
	Type     string `json:"type"`
	Hook     string `json:"hook"`
	Device   string `json:"device"`
	Priority int    `json:"priority"`
	// Shown is set when section iptables shows this chain with the same rules.
	Shown bool `json:"shown"`
	// Decides is set when the chain can refuse or change a packet: by its policy, or
	// by a rule that does more than accept, return, jump, count or log.
	Decides bool   `json:"decides"`
	Source  Source `json:"source"`
}

// IPSetList is the ipsets of an edge.
type IPSetList struct {
	// Target is "edge/NAME".
	Target   string           `json:"target"`
	Sets     []IPSet          `json:"sets"`
	Problems []RuleSetProblem `json:"problems"`
	Source   Source           `json:"source"`
}

// IPSet is a named set that packet rules look addresses and ports up in.
type IPSet struct {
	// Table is that of a set of nft, empty for an ipset.
	Table string `json:"table"`
	Name  string `json:"name"`
	// Type is hash:net, hash:ip,port, list:set ..., or ipv4_addr ... for nft.
	Type string `json:"type"`
	// Families are the versions of IP whose addresses it holds; none for a set of
	// ports or of sets.
	Families []Family `json:"families"`
	// TimeoutSeconds is how long a new entry stays, 0 for ever.
	TimeoutSeconds int `json:"timeout_seconds"`
	// Entries are as listed: 10.0.0.0/8, 192.0.2.1,tcp:443, 1024-2047.
	Entries []string `json:"entries"`
	// Exceptions are entries marked nomatch, which wider entries do not take in.
	Exceptions []string `json:"exceptions"`
	// EntryCount is how many entries the listing had.
	EntryCount int `json:"entry_count"`
	// Complete is set when Entries and Exceptions hold all of them.
	Complete bool   `json:"complete"`
	Source   Source `json:"source"`
}
