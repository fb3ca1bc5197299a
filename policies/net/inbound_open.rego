# METADATA
# title: Edge accepts what no rule names
# description: |-
#   Every service that starts on the host, now or with the next update, is then reachable from the internet at once. The
#   packet filter has to refuse whatever was not opened on purpose, over both versions of IP.
# custom:
#   severity: high
#   fix: Set the policy of INPUT to DROP, or end the chain with an unconditional DROP or REJECT.
#   controls: [NET-07, CIS-RHEL-FIREWALL-DEFAULT-DENY]
#   bad: ":INPUT ACCEPT [0:0], with no final REJECT"
#   good: ":INPUT DROP [0:0]"
package policies.net.inbound_open

import data.policies.lib.packet_words
import data.policies.lib.packets
import data.policies.lib.proxymap

subjects contains record.target if some record in input.iptables

findings contains {
	"subject": record.target,
	"key": sprintf("%s unfiltered", [record.family]),
	"message": sprintf("the %s rules have no INPUT chain, so everything may enter", [record.family]),
	"sources": [record.source],
} if {
	some record in input.iptables
	count(record.chains) > 0
	not packets.chains[packets.chain_id(record.target, record.family, "INPUT")]
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s rest", [record.family]),
	"message": sprintf("what no %s rule of INPUT takes is accepted", [record.family]),
	"sources": [packets.endings[id].chain],
	"witness": {"kind": "packet", "text": sprintf("%s tcp SYN from any address to a port that no rule names", [record.family])},
} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.endings[id].verdict == "ACCEPT"
}

# named_ports: what may be opened in one range: the ports of the map, and those of the
# profile.
named_ports := {pair.external_port | some pair in proxymap.pairs} | {port | some port in input.profile.parameters.host.named_ports}

# many is the number of ports from which on nobody opened each on purpose.
many := input.profile.parameters.host.many_ports

# wide_ports: a match on ports that names none of its own.
wide_ports(false, _, _, _)

wide_ports(true, true, _, _)

wide_ports(true, false, froms, tos) if (sum(tos) - sum(froms)) + count(froms) > many

wide_ports(true, false, froms, tos) if {
	some i, from in froms
	from < tos[i]
	tos[i] - from < many
	some port in numbers.range(from, tos[i])
	not port in named_ports
}

# broad: rules that accept new connections from anywhere to ports by the dozen.
broad contains a if {
	some a in packets.accepts
	a.chain == "INPUT"
	wide_ports(a.rule.dest_ports.set, a.rule.dest_ports.negated, [r.from | some r in a.rule.dest_ports.ranges], [r.to | some r in a.rule.dest_ports.ranges])
	packets.strangers(a.rule.source_net.set, a.rule.source_net.negated, a.rule.source_net.values)
}

opens contains a if {
	some a in broad
	packets.faces_out(a.target, a.rule.in_interface.set, a.rule.in_interface.negated, a.rule.in_interface.values)
	count(a.rule.unmodelled) == 0
}

open_rules[[a.target, a.family, packet_words.text(a.rule.protocol.values, a.rule.dest_ports.negated, a.rule.dest_ports.ranges)]] contains a.rule.source if some a in opens

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s: new connections from any address are accepted (%s)", [id[1], id[2]]),
	"sources": [s | some s in sources],
	"witness": {"kind": "packet", "text": sprintf("%s SYN from any address to the edge: %s", [id[1], id[2]])},
} if {
	some id, sources in open_rules
}

unsure contains {"subject": a.target, "reason": sprintf("%s: a rule of INPUT accepts by a match or interface that is not judged: %s", [a.family, a.rule.text])} if {
	some a in broad
	count(a.rule.unmodelled) > 0
	not is_inner(a.target, a.rule.in_interface.set, a.rule.in_interface.negated, a.rule.in_interface.values)
}

unsure contains {"subject": a.target, "reason": sprintf("%s: INPUT accepts everything of an interface that the site does not declare: %s", [a.family, a.rule.text])} if {
	some a in broad
	packets.faces_unknown(a.target, a.rule.in_interface.set, a.rule.in_interface.negated, a.rule.in_interface.values)
}

unsure contains {"subject": a.target, "reason": sprintf("%s: INPUT accepts new connections to many ports from addresses that the site does not declare: %s", [a.family, a.rule.text])} if {
	some a in packets.accepts
	a.chain == "INPUT"
	wide_ports(a.rule.dest_ports.set, a.rule.dest_ports.negated, [r.from | some r in a.rule.dest_ports.ranges], [r.to | some r in a.rule.dest_ports.ranges])
	packets.few_strangers(a.rule.source_net.set, a.rule.source_net.negated, a.rule.source_net.values)
	packets.faces_out(a.target, a.rule.in_interface.set, a.rule.in_interface.negated, a.rule.in_interface.values)
}

is_inner(target, true, false, values) if {
	every name in values {
		name in {"lo", packets.internal_interface[target]}
	}
}

is_inner(_, true, false, ["lo"])

unsure contains {"subject": record.target, "reason": sprintf("%s: INPUT goes on in %s, which is not followed", [record.family, concat(", ", packets.opaque_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.opaque_chains[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: INPUT hands packets to %s, which is not modelled", [record.family, concat(", ", packets.strange_targets[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.strange_targets[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: INPUT goes to %s for good, and the policy accepts the rest", [record.family, concat(", ", packets.straying_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.straying_chains[id]
}
