# METADATA
# title: Packet filter opens a port that no map line names
# description: |-
#   Agents need the external ports of the map and nothing else. Any other port that is open towards the internet belongs to a
#   program that the gate does not guard, or to one that is gone and will be replaced by another.
# custom:
#   severity: high
#   fix: Delete the rule, or limit it to the inner interface.
#   controls: [NET-03]
#   bad: "-A INPUT -i ens192 -p tcp --dport 3389 -j ACCEPT   (no map line ends in :3389)"
#   good: "-A INPUT -i ens192 -p tcp --dport 8445 ... -j ACCEPT   (fin-a.corp.example:8445=desk-a.agents.example:8445)"
package policies.net.unmapped_port_open

import data.policies.lib.packets
import data.policies.lib.proxymap

subjects contains record.target if {
	some record in input.iptables
	count(proxymap.pairs) > 0
}

mapped := {pair.external_port | some pair in proxymap.pairs}

# own: ports that another rule judges.
own := {input.profile.parameters.host.map_port}

# single: rules of INPUT that open a port by its number towards the outer side.
# Ranges are judged with what nobody opened on purpose.
single contains {"target": a.target, "family": a.family, "id": a.id, "port": range.from, "rule": a.rule} if {
	some a in packets.accepts
	a.chain == "INPUT"
	a.rule.dest_ports.set
	not a.rule.dest_ports.negated
	some range in a.rule.dest_ports.ranges
	range.from == range.to
	not range.from in mapped
	not range.from in own
	packets.takes_tcp(a.rule.protocol.set, a.rule.protocol.negated, a.rule.protocol.values)
	packets.faces_out(a.target, a.rule.in_interface.set, a.rule.in_interface.negated, a.rule.in_interface.values)
	not packets.refused_before(a.target, a.id, range.from, a.rule.index)
}

opened[[s.target, s.family, s.port]] contains s.rule.source if {
	some s in single
	s.target in subjects
	packets.strangers(s.rule.source_net.set, s.rule.source_net.negated, s.rule.source_net.values)
	count(s.rule.unmodelled) == 0
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s tcp %d", [id[1], id[2]]),
	"message": sprintf("%s: anybody on the outer side reaches port %d, which is no external port of the map", [id[1], id[2]]),
	"fix": sprintf("delete the rule that accepts tcp port %d with `%s -D INPUT` and save the rules, or limit it with -i to the inner interface", [id[2], packets.tool[id[1]]]),
	"sources": [s | some s in sources],
	"witness": {"kind": "packet", "text": sprintf("%s tcp SYN from any address to the edge, port %d", [id[1], id[2]])},
} if {
	some id, sources in opened
}

unsure contains {"subject": s.target, "reason": sprintf("%s: port %d is opened to some senders, by a match that is not judged or to undeclared addresses: %s", [s.family, s.port, s.rule.text])} if {
	some s in single
	s.target in subjects
	doubtful(count(s.rule.unmodelled), s.rule.source_net.set, s.rule.source_net.negated, s.rule.source_net.values)
}

doubtful(unmodelled, _, _, _) if unmodelled > 0

doubtful(0, set, negated, values) if packets.few_strangers(set, negated, values)

unsure contains {"subject": target, "reason": "the outer interface of the edge is not declared"} if {
	some target in subjects
	not packets.external_interface[target]
}

unsure contains {"subject": target, "reason": sprintf("%s goes where it is not followed", [chain])} if {
	some target in subjects
	some chain in packets.unfollowed_chains[target]
	contains(chain, "INPUT")
}
