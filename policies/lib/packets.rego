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
