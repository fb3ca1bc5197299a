// SPDX-License-Identifier: Apache-2.0

package netfilter

// Ruleset is what one iptables-save or ip6tables-save file says.
type Ruleset struct {
	// Tables are those that take effect. Where a file holds a table twice,
	// restoring flushes it again and only the last one counts; the earlier
	// ones are reported as problems.
	Tables   []Table
	Problems []Problem
}

// Table is one table, such as "filter".
type Table struct {
	Name   string
	Line   int
	Chains []Chain
}

// Chain is one chain with its rules in order.
type Chain struct {
	Name string
	// Policy is ACCEPT or DROP for a built-in chain, "-" otherwise.
	Policy string
	Line   int
	Rules  []Rule
}

// BuiltIn reports whether the kernel itself calls the chain.
func (c Chain) BuiltIn() bool { return c.Policy != "-" }

// Rule is one rule.
type Rule struct {
	Line int
	Text string
	// Target is the verdict, target or chain; empty when the rule only counts.
	Target string
	// Goto is set for -g, which does not come back.
	Goto    bool
	Options []Option
	Matches []Match
	Comment string
}

// Unconditional reports whether the rule matches every packet.
func (r Rule) Unconditional() bool { return len(r.Matches) == 0 }

// MatchKind is a match whose meaning is modelled.
type MatchKind string

const (
	Protocol     MatchKind = "protocol"
	SourceNet    MatchKind = "source"
	DestNet      MatchKind = "destination"
	InInterface  MatchKind = "in-interface"
	OutInterface MatchKind = "out-interface"
	SourcePorts  MatchKind = "source-ports"
	DestPorts    MatchKind = "destination-ports"
	States       MatchKind = "states"
	TCPFlags     MatchKind = "tcp-flags"
	ICMPType     MatchKind = "icmp-type"
	Limit        MatchKind = "limit"
	ConnLimit    MatchKind = "connlimit"
	HashLimit    MatchKind = "hashlimit"
	// Unmodelled is any other match; Text holds it.
	Unmodelled MatchKind = "unmodelled"
)

// Match is one condition of a rule.
type Match struct {
	Kind    MatchKind
	Negated bool
	Values  []string
	// Options are the parameters of connlimit, hashlimit and limit.
	Options []Option
	// Text is the match as written.
	Text string
}

// Option is a parameter with its value.
type Option struct{ Name, Value string }

// Problem is a line that could not be read or does not do what it seems to.
type Problem struct {
	Line    int
	Message string
	Text    string
}

// PortRange is an inclusive range of ports.
type PortRange struct{ From, To int }
