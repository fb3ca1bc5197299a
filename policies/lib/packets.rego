# Indexes over packet rules of the filter table, and the little flow analysis
# that "default deny" needs: where a built-in chain ends, and whether a chain of
# the administrator's can accept anything.
package policies.lib.packets

import data.policies.lib.networks
import data.policies.lib.tcp_flags

# sets: the rule sets by "target family".
sets := {id: record |
	some record in input.iptables
	id := set_id(record.target, record.family)
}

set_id(target, family) := sprintf("%s %s", [target, family])

chain_id(target, family, chain) := sprintf("%s %s %s", [target, family, chain])

# chains: the chains of the filter table by "target family name".
chains := {id: chain |
	some record in input.iptables
	some chain in record.chains
	chain.table == "filter"
	id := chain_id(record.target, record.family, chain.name)
}

# rules: the rules of each chain of the filter table.
rules := rule_groups

rule_groups[chain_id(record.target, record.family, rule.chain)] contains rule if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
}

# jumping: chains that go on in another chain.
jumping contains chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	chains[chain_id(record.target, record.family, rule.verdict)]
}

# accepting: chains with a rule that accepts.
accepting contains chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict == "ACCEPT"
}

returning contains chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict == "RETURN"
}

refusing contains chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.unconditional
	rule.verdict in {"DROP", "REJECT"}
}

# sink: chains that refuse every packet that enters them.
sink contains id if {
	some id in refusing
	not id in accepting
	not id in jumping
	not id in returning
	not strange[id]
}

# harmless: chains of the administrator's that accept nothing by themselves.
harmless contains id if {
	some id, chain in chains
	not chain.built_in
	not id in accepting
	not id in jumping
	not strange[id]
}

# plain_targets: what the flow analysis understands besides the declared chains;
# a rule without a target only counts.
plain_targets := {"", "ACCEPT", "DROP", "REJECT", "LOG", "NFLOG", "RETURN"}

# strange[chain]: the targets of live rules whose effect on the packet is not
# modelled, as NFQUEUE, whose verdict a program outside of the rules gives.
strange[chain_id(record.target, record.family, rule.chain)] contains rule.verdict if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	not rule.verdict in plain_targets
	not chains[chain_id(record.target, record.family, rule.verdict)]
	live(record.target, record.family, rule.chain, rule.index)
}

strange_targets := strange

# live holds for a rule before the first unconditional verdict of its chain.
live(target, family, chain, index) if count([e | some e in settling[chain_id(target, family, chain)]; e < index]) == 0

settling[chain_id(record.target, record.family, rule.chain)] contains rule.index if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.unconditional
	rule.verdict in {"ACCEPT", "DROP", "REJECT", "RETURN"}
}

# straying[chain]: the chains that a built-in chain goes to for good. What they
# do not refuse meets the policy, past all rules that follow the goto.
straying[chain_id(record.target, record.family, rule.chain)] contains rule.verdict if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.goto
	chains[chain_id(record.target, record.family, rule.verdict)]
	not chain_id(record.target, record.family, rule.verdict) in sink
	id := chain_id(record.target, record.family, rule.chain)
	chains[id].policy == "ACCEPT"
	rule.index < endings[id].index
}

straying_chains := straying

# ends[chain] (below): the unconditional rules that settle what reaches them, as
# position and verdict.
end_groups[chain_id(record.target, record.family, rule.chain)] contains {"index": rule.index, "verdict": rule.verdict, "source": rule.source} if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.unconditional
	rule.verdict in {"ACCEPT", "DROP", "REJECT", "RETURN"}
}

end_groups[chain_id(record.target, record.family, rule.chain)] contains {"index": rule.index, "verdict": "DROP", "source": rule.source} if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.unconditional
	chain_id(record.target, record.family, rule.verdict) in sink
}

ends := end_groups

# endings: how each built-in chain settles a packet that no earlier rule took:
# the first unconditional verdict, else the policy. Rules from "index" on are dead.
endings := {id: ending |
	some id, chain in chains
	chain.built_in
	first := min({e.index | some e in ends[id]} | {beyond})
	ending := {
		"index": first,
		"verdict": settled(verdict_at(id, first, chain.policy), chain.policy),
		"source": source_at(id, first, chain.source.artifact, chain.source.line),
		"chain": chain.source,
	}
}

# beyond is a position behind every rule.
beyond := 1000000000

verdict_at(_, index, policy) := policy if index == beyond

verdict_at(id, index, _) := verdict if {
	index != beyond
	verdicts := {e.verdict | some e in ends[id]; e.index == index}
	some verdict in verdicts
}

# settled is what happens to a packet: a built-in chain has nowhere to return to,
# so that RETURN means its policy.
settled("RETURN", policy) := policy

settled(verdict, _) := verdict if verdict != "RETURN"

# source_at is the line that settles the rest.
source_at(_, index, artifact, line) := {"artifact": artifact, "line": line, "column": 1} if index == beyond

source_at(id, index, _, _) := place if {
	index != beyond
	places := {{"artifact": e.source.artifact, "line": e.source.line, "column": e.source.column} | some e in ends[id]; e.index == index}
	some place in places
}

# tool is the command that changes the rules of a family.
tool := {"ipv4": "iptables", "ipv6": "ip6tables"}

# external_interface[edge] is the declared interface towards the internet.
external_interface := {edge.subject: edge.interfaces.external |
	some edge in input.site.edges
	edge.interfaces.external != ""
}

internal_interface := {edge.subject: edge.interfaces.internal |
	some edge in input.site.edges
	edge.interfaces.internal != ""
}

# opaque: chains whose jumps lead where something may be accepted, before the
# chain has settled the rest.
opaque[chain_id(record.target, record.family, rule.chain)] contains rule.verdict if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	next := chain_id(record.target, record.family, rule.verdict)
	chains[next]
	not next in harmless
	rule.index < endings[chain_id(record.target, record.family, rule.chain)].index
}

opaque_chains := opaque

# covers holds when a port lies in a range.
covers(from, to, port) if {
	from <= port
	port <= to
}

# passing: the verdicts by which a rule of a chain lets a packet through. RETURN
# under an open policy skips the rest of the chain, whatever that refuses.
passing(_, "ACCEPT", _)

passing(id, "RETURN", false) if chains[id].policy == "ACCEPT"

# accepts: rules that accept the first packet of a connection, ICMP aside.
accepts contains {"id": id, "target": record.target, "family": record.family, "chain": rule.chain, "rule": rule} if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	id := chain_id(record.target, record.family, rule.chain)
	passing(id, rule.verdict, rule.unconditional)
	rule.icmp_type == ""
	not is_ping(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
	admits_new(set_id(record.target, record.family), rule.states.set, rule.states.negated, rule.states.values)
	not tcp_flags.never_syn(rule.tcp_flags)
	rule.index < endings[id].index
}

is_ping(true, false, values) if {
	some protocol in values
	protocol in {"icmp", "icmpv6", "ipv6-icmp", "1", "58"}
}

# admits_new holds when a match on states accepts a packet that opens a connection:
# a state beside these three is NEW, or a mark that new connections carry as well.
admits_new(_, false, _, _)

admits_new(id, true, false, values) if {
	some state in values
	not state in {"ESTABLISHED", "RELATED", "INVALID"}
	not [id, state] in idle
}

admits_new(id, true, true, values) if {
	some state in {"NEW", "DNAT", "SNAT", "UNTRACKED"}
	not state in values
	not [id, state] in idle
}

# marks: the states that only rules of another table give, and their targets.
marks := {
	"DNAT": {"table": "nat", "targets": {"DNAT", "REDIRECT", "NETMAP"}},
	"SNAT": {"table": "nat", "targets": {"SNAT", "MASQUERADE", "NETMAP"}},
	"UNTRACKED": {"table": "raw", "targets": {"CT", "NOTRACK"}},
}

# idle: the marks, by set, that no packet carries. A table that was not saved may give
# any of its own.
idle contains [set_id(record.target, record.family), state] if {
	some record in input.iptables
	some state, mark in marks
	some chain in record.chains
	chain.table == mark.table
	count([r | some r in record.rules; r.table == mark.table; r.verdict in mark.targets]) == 0
}

# takes_new holds when a match on states takes every new connection, for rules
# that refuse.
takes_new(false, _, _)

takes_new(true, false, values) if "NEW" in values

takes_new(true, true, values) if not "NEW" in values

# anywhere holds when a match on addresses takes in a good part of the internet.
anywhere(false, _, _)

anywhere(true, true, _)

anywhere(true, false, values) if {
	some network in values
	networks.public_size(network)
}

# strangers holds when a match on source addresses takes in people whom the site
# does not know: anybody, or networks that are neither private nor declared. few
# holds for such networks when all of them are small, as of one partner.
strangers(set, negated, values) if anywhere(set, negated, values)

strangers(true, false, values) if {
	some network in values
	networks.wide_stranger(network)
}

few_strangers(true, false, values) if {
	not strangers(true, false, values)
	some network in values
	networks.stranger(network)
}

# interface_is compares a name with a match, where "+" stands for any ending.
interface_is(match, name) if match == name

interface_is(match, name) if {
	endswith(match, "+")
	startswith(name, trim_suffix(match, "+"))
}

# faces_out: an interface match that lets in, or out, the side of the internet.
faces_out(_, false, _, _)

faces_out(target, true, false, values) if {
	some match in values
	interface_is(match, external_interface[target])
}

faces_out(target, true, true, values) if count([m | some m in values; interface_is(m, external_interface[target])]) == 0

# faces_unknown: an interface that nobody declared.
faces_unknown(target, true, false, values) if {
	some name in values
	name != "lo"
	not declared_interface(target, name)
}

declared_interface(target, name) if external_interface[target] == name

declared_interface(target, name) if internal_interface[target] == name

# by_port: the rules of a chain that name a port, alone or in a short range; wide:
# all others, whose ports have to be compared.
by_port := port_groups

port_groups[[chain_id(record.target, record.family, rule.chain), port]] contains rule if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.dest_ports.set
	not rule.dest_ports.negated
	some range in rule.dest_ports.ranges
	range.from <= range.to
	range.to - range.from < 64
	some port in numbers.range(range.from, range.to)
}

wide := wide_groups

wide_groups[chain_id(record.target, record.family, rule.chain)] contains rule if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	not rule.dest_ports.set
}

wide_groups[chain_id(record.target, record.family, rule.chain)] contains rule if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.dest_ports.negated
}

wide_groups[chain_id(record.target, record.family, rule.chain)] contains rule if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	some range in rule.dest_ports.ranges
	range.to - range.from >= 64
}

# admitting[chain]: the rules of accepts by their chain.
admitting := admitting_groups

admitting_groups[a.id] contains a.rule if some a in accepts

# lets_in holds the places of the rules by which anybody on the outer side opens a
# connection to a port of the edge, and of the end of the chain where that accepts.
lets_in(target, family, port) := entries if {
	id := chain_id(target, family, "INPUT")
	by_rule := {rule.source |
		some rule in admitting[id]
		takes_port(rule.dest_ports.set, rule.dest_ports.negated, [r.from | some r in rule.dest_ports.ranges], [r.to | some r in rule.dest_ports.ranges], port)
		takes_tcp(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
		faces_out(target, rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
		strangers(rule.source_net.set, rule.source_net.negated, rule.source_net.values)
		not refused_before(target, id, port, rule.index)
	}
	by_end := {chains[id].source |
		endings[id].verdict == "ACCEPT"
		not refused_before(target, id, port, endings[id].index)
	}
	entries := by_rule | by_end
}

# may_let_in holds the texts of the rules by which a few networks that the site
# does not name open a connection from the outer side to a port of the edge.
may_let_in(target, family, port) := {rule.text |
	id := chain_id(target, family, "INPUT")
	some rule in admitting[id]
	takes_port(rule.dest_ports.set, rule.dest_ports.negated, [r.from | some r in rule.dest_ports.ranges], [r.to | some r in rule.dest_ports.ranges], port)
	takes_tcp(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
	faces_out(target, rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
	few_strangers(rule.source_net.set, rule.source_net.negated, rule.source_net.values)
	not refused_before(target, id, port, rule.index)
}

takes_tcp(false, _, _)

takes_tcp(true, true, values) if not "tcp" in values

takes_tcp(true, false, values) if {
	some protocol in values
	protocol in {"tcp", "6", "all"}
}

takes_port(false, _, _, _, _)

takes_port(true, false, froms, tos, port) if {
	some i, from in froms
	covers(from, tos[i], port)
}

takes_port(true, true, froms, tos, port) if count([i | some i, from in froms; covers(from, tos[i], port)]) == 0

# refused_before: an earlier rule refuses every connection from the outer side to
# the port.
refused_before(target, id, port, index) if {
	some rule in by_port[[id, port]]
	refuses_all(rule.verdict, rule.source_net.set, rule.limit, rule.conn_limit.set, rule.hash_limit.set, count(rule.unmodelled))
	rule.index < index
	faces_out(target, rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
	takes_new(rule.states.set, rule.states.negated, rule.states.values)
}

refused_before(target, id, _, index) if {
	some rule in wide[id]
	not rule.dest_ports.set
	not rule.source_ports.set
	refuses_all(rule.verdict, rule.source_net.set, rule.limit, rule.conn_limit.set, rule.hash_limit.set, count(rule.unmodelled))
	rule.icmp_type == ""
	rule.tcp_flags == ""
	rule.index < index
	takes_tcp(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
	faces_out(target, rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
	takes_new(rule.states.set, rule.states.negated, rule.states.values)
}

refuses_all(verdict, false, "", false, false, 0) if verdict in {"DROP", "REJECT"}

# unfollowed: families of an edge whose INPUT or OUTPUT goes where this analysis
# does not.
unfollowed[target] contains sprintf("%s %s", [family, chain]) if {
	some record in sets
	target := record.target
	family := record.family
	some chain in {"INPUT", "OUTPUT"}
	lost(chain_id(target, family, chain))
}

lost(id) if opaque_chains[id]

lost(id) if strange_targets[id]

lost(id) if straying_chains[id]

unfollowed_chains := unfollowed
