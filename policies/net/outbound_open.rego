# METADATA
# title: Edge can open connections to the internet
# description: |-
#   Whoever gets to run anything on the edge needs a way out to fetch tools and to send what was found. The gate itself
#   talks only to a handful of known hosts, so everything else can be refused.
# custom:
#   severity: high
#   fix: Let OUTPUT end in DROP and accept new connections only to the mapped nodes, the resolvers and the time and log servers.
#   controls: [NET-05]
#   bad: ":OUTPUT ACCEPT [0:0]"
#   good: ":OUTPUT DROP [0:0], and an ACCEPT for each node, name server, time server and log server"
package policies.net.outbound_open

import data.policies.lib.networks
import data.policies.lib.packet_words
import data.policies.lib.packets

subjects contains record.target if some record in input.iptables

# A record without the chain filters nothing.
findings contains {
	"subject": record.target,
	"key": sprintf("%s unfiltered", [record.family]),
	"message": sprintf("the %s rules have no OUTPUT chain, so everything may leave", [record.family]),
	"sources": [record.source],
} if {
	some record in input.iptables
	count(record.chains) > 0
	not packets.chains[packets.chain_id(record.target, record.family, "OUTPUT")]
}

# shields[chain]: the positions of rules that refuse every new connection towards
# the internet. They stop what follows them, not what was accepted before.
shields[id] contains rule.index if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.chain == "OUTPUT"
	rule.verdict in {"DROP", "REJECT"}
	only_interface_and_state(rule.protocol.set, rule.dest_net.set, rule.source_net.set, rule.dest_ports.set, rule.source_ports.set, rule.limit, count(rule.unmodelled))
	rule.tcp_flags == ""
	not rule.conn_limit.set
	not rule.hash_limit.set
	packets.takes_new(rule.states.set, rule.states.negated, rule.states.values)
	packets.faces_out(record.target, rule.out_interface.set, rule.out_interface.negated, rule.out_interface.values)
	id := packets.chain_id(record.target, record.family, rule.chain)
}

shielded(id, index) if min(shields[id]) < index

only_interface_and_state(false, false, false, false, false, "", 0)

findings contains {
	"subject": record.target,
	"key": sprintf("%s rest", [record.family]),
	"message": sprintf("what no %s rule of OUTPUT takes is accepted", [record.family]),
	"sources": [packets.endings[id].chain],
	"witness": {"kind": "packet", "text": sprintf("%s tcp SYN from the edge to any address, port 443", [record.family])},
} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "OUTPUT")
	packets.endings[id].verdict == "ACCEPT"
	not shielded(id, packets.endings[id].index)
}

# undeclared: rules that accept new connections to what the edge has no
# business with.
undeclared contains a if {
	some a in packets.accepts
	a.chain == "OUTPUT"
	not known_destination(a.rule.dest_net.set, a.rule.dest_net.negated, a.rule.dest_net.values)
	not shielded(a.id, a.rule.index)
	not is_local(a.rule.out_interface.set, a.rule.out_interface.negated, a.rule.out_interface.values)
}

known_destination(true, false, values) if {
	every network in values {
		networks.destination(network)
	}
}

opens contains a if {
	some a in undeclared
	packets.anywhere(a.rule.dest_net.set, a.rule.dest_net.negated, a.rule.dest_net.values)
	packets.faces_out(a.target, a.rule.out_interface.set, a.rule.out_interface.negated, a.rule.out_interface.values)
	count(a.rule.unmodelled) == 0
	not a.rule.source_ports.set
}

open_rules[[a.target, a.family, packet_words.text(a.rule.protocol.values, a.rule.dest_ports.negated, a.rule.dest_ports.ranges)]] contains a.rule.source if some a in opens

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s: new connections to addresses that the site does not declare are accepted (%s)", [id[1], id[2]]),
	"sources": [s | some s in sources],
	"witness": {"kind": "packet", "text": sprintf("%s SYN from the edge to any address: %s", [id[1], id[2]])},
} if {
	some id, sources in open_rules
}

unsure contains {"subject": a.target, "reason": sprintf("%s: a rule of OUTPUT accepts by something that is not declared or not judged: %s", [a.family, a.rule.text])} if {
	some a in undeclared
	not a in opens
}

is_local(true, false, ["lo"])

unsure contains {"subject": record.target, "reason": sprintf("%s: OUTPUT goes on in %s, which is not followed", [record.family, concat(", ", packets.opaque_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "OUTPUT")
	packets.opaque_chains[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: OUTPUT hands packets to %s, which is not modelled", [record.family, concat(", ", packets.strange_targets[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "OUTPUT")
	packets.strange_targets[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: OUTPUT goes to %s for good, and the policy accepts the rest", [record.family, concat(", ", packets.straying_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "OUTPUT")
	packets.straying_chains[id]
}
