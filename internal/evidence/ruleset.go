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

// RuleSet is one captured packet-filter rule set.
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
	// Unmodelled are the matches kept verbatim because their meaning is not
	// modelled: the rule then matches a part of what the rest says.
	Unmodelled []string `json:"unmodelled"`
	Source     Source   `json:"source"`
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
