// SPDX-License-Identifier: Apache-2.0

package netfilter

// Ruleset is what one captured text says.
type Ruleset struct {
	// Tables are those that take effect. Where an iptables-save text holds a table
	// twice, restoring flushes it again and only the last one counts; the earlier
	// ones are reported as problems.
	Tables []Table
	// Sets are the named sets and maps of nft.
	Sets     []Set
	Problems []Problem
	// Elsewhere are the lines by which iptables-save says that the kernel holds
	// further rules, which it does not show.
	Elsewhere []Problem
}

// Table is one table, such as "filter".
type Table struct {
	// Family is ip, ip6, inet, arp, bridge or netdev for nft. It is empty for
	// iptables-save, whose text does not tell IPv4 from IPv6.
	Family string
	Name   string
	Line   int
	Chains []Chain
}

// Chain is one chain with its rules in order.
type Chain struct {
	Name string
	// Policy is ACCEPT, DROP or QUEUE for a chain that the kernel calls, and "-"
	// for one that only other chains do.
	Policy string
	// Type, Hook, Device and Priority are those of a base chain of nft: filter, nat
	// or route; prerouting, input ...; and the place among the chains of one hook,
	// the lowest number first. A packet that one base chain accepts goes on to the
	// next one; one that any of them drops is gone. For iptables-save they are
	// empty: the table and the chain's name say the same.
	Type, Hook, Device string
	Priority           int
	Line, Column       int
	// Packets and Bytes are what the policy has decided.
	Packets, Bytes uint64
	Rules          []Rule
}

// BuiltIn reports whether the kernel itself calls the chain.
func (c Chain) BuiltIn() bool { return c.Policy != "-" }

// Rule is one rule: if all Matches match, Actions and then Target are carried out.
type Rule struct {
	// Line and Column are where the rule starts, from 1.
	Line, Column int
	// Position is the place in the chain, from 1. The rules that one nft rule with
	// a verdict map stands for share a position.
	Position int
	// Text is the rule as written: a line, or a JSON object.
	Text string
	// Target is the verdict, target or chain; empty when the rule only counts. The
	// verdicts of nft have the names that iptables gives them.
	Target string
	Effect Effect
	// Goto is set for -g, which does not come back: the packet meets the policy of
	// the base chain, or the caller's caller, when the chain ends.
	Goto bool
	// Options are the parameters of the target.
	Options []Option
	// Actions are further statements of an nft rule, such as a LOG before the
	// verdict. None of them ends the way of a packet.
	Actions []Action
	Matches []Match
	// Opaque is set for a rule of nft that holds parts of iptables ("xt"), whose
	// parameters its text does not show.
	Opaque  bool
	Comment string
	// Packets and Bytes are the counters, 0 where the text holds none.
	Packets, Bytes uint64
}

// Unconditional reports whether the rule matches every packet.
func (r Rule) Unconditional() bool { return len(r.Matches) == 0 }

// Option returns a parameter of the target by its name, such as "--reject-with".
func (r Rule) Option(name string) (Option, bool) { return find(r.Options, name) }

// Action is a statement that does something and lets the packet go on.
type Action struct {
	Name    string
	Options []Option
}

// Option is a parameter with its value, empty for a mere flag. Several values are
// joined by blanks.
type Option struct {
	Name, Value string
	Negated     bool
}

func find(options []Option, name string) (Option, bool) {
	for _, o := range options {
		if o.Name == name {
			return o, true
		}
	}
	return Option{}, false
}

// Problem is a line that could not be read or does not do what it seems to.
type Problem struct {
	Line, Column int
	Message      string
	Text         string
}

// maxProblems bounds the list of problems of one text.
const maxProblems = 1000

// problems collects problems up to the cap.
type problems []Problem

func (p *problems) add(problem Problem) {
	const widest = 400
	switch n := len(*p); {
	case n > maxProblems:
		return
	case n == maxProblems:
		problem.Message, problem.Text = "more problems follow and are not listed", ""
	case len(problem.Text) > widest:
		problem.Text = problem.Text[:widest] + "..."
	}
	*p = append(*p, problem)
}
