# Indexes over packet rules of the filter table, and the little flow analysis
# that "default deny" needs: where a built-in chain ends, and whether a chain of
# the administrator's can accept anything.
package policies.lib.packets

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
}

# harmless: chains of the administrator's that accept nothing by themselves.
harmless contains id if {
	some id, chain in chains
	not chain.built_in
	not id in accepting
	not id in jumping
}

# ends[chain] (below): the unconditional rules that settle what reaches them, as
# position and verdict.
end_groups[chain_id(record.target, record.family, rule.chain)] contains {"index": rule.index, "verdict": rule.verdict, "source": rule.source} if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.unconditional
	rule.verdict in {"ACCEPT", "DROP", "REJECT"}
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
		"verdict": verdict_at(id, first, chain.policy),
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

# source_at is the line that settles the rest.
source_at(_, index, artifact, line) := {"artifact": artifact, "line": line, "column": 1} if index == beyond

source_at(id, index, _, _) := place if {
	index != beyond
	places := {{"artifact": e.source.artifact, "line": e.source.line, "column": e.source.column} | some e in ends[id]; e.index == index}
	some place in places
}

# external_interface[edge] is the declared interface towards the internet.
external_interface := {edge.subject: edge.interfaces.external |
	some edge in input.site.edges
	edge.interfaces.external != ""
}

internal_interface := {edge.subject: edge.interfaces.internal |
	some edge in input.site.edges
	edge.interfaces.internal != ""
}

# every_address holds the spellings of "from or to anywhere".
every_address := {"0.0.0.0/0", "::/0", "0/0", "0.0.0.0/0.0.0.0"}

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

# accepts: rules that accept the first packet of a connection, ICMP aside.
accepts contains {"id": id, "target": record.target, "family": record.family, "chain": rule.chain, "rule": rule} if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict == "ACCEPT"
	rule.icmp_type == ""
	not is_ping(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
	takes_new(rule.states.set, rule.states.negated, rule.states.values)
	not startswith(rule.tcp_flags, "!")
	id := chain_id(record.target, record.family, rule.chain)
	rule.index < endings[id].index
}

is_ping(true, false, values) if {
	some protocol in values
	protocol in {"icmp", "icmpv6", "ipv6-icmp", "1", "58"}
}

# takes_new holds when a match on states lets NEW through.
takes_new(false, _, _)

takes_new(true, false, values) if "NEW" in values

takes_new(true, true, values) if not "NEW" in values

# anywhere holds when a match on addresses leaves out nobody on the internet.
anywhere(false, _, _)

anywhere(true, true, _)

anywhere(true, false, values) if {
	some network in values
	network in every_address
}

# faces_out: an interface match that lets in, or out, the side of the internet.
faces_out(_, false, _, _)

faces_out(target, true, false, values) if external_interface[target] in values

faces_out(target, true, true, values) if not external_interface[target] in values

# faces_unknown: an interface that nobody declared.
faces_unknown(target, true, false, values) if {
	some name in values
	name != "lo"
	not declared_interface(target, name)
}

declared_interface(target, name) if external_interface[target] == name

declared_interface(target, name) if internal_interface[target] == name

# text names what a rule matches, for keys and messages.
text(protocols, ranges) := sprintf("%s %s", [words(protocols, "any protocol"), range_words(ranges)])

words(list, _) := concat(",", list) if count(list) > 0

words(list, otherwise) := otherwise if count(list) == 0

range_words(ranges) := concat(",", [port_word(r.from, r.to) | some r in ranges]) if count(ranges) > 0

range_words(ranges) := "any port" if count(ranges) == 0

port_word(from, to) := sprintf("%d", [from]) if from == to

port_word(from, to) := sprintf("%d:%d", [from, to]) if from != to

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
