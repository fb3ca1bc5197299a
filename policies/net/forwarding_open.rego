# METADATA
# title: Edge forwards packets
# description: |-
#   A host between two networks that forwards is a router around both firewalls. The gate ends every connection itself
#   and never needs to pass a packet through.
# custom:
#   severity: high
#   fix: Set the policy of FORWARD to DROP, or end the chain with an unconditional DROP or REJECT, and accept nothing in it.
#   controls: [NET-08, CIS-RHEL-FIREWALL-DEFAULT-DENY]
#   bad: ":FORWARD ACCEPT [0:0], with no final REJECT"
#   good: ":FORWARD DROP [0:0]"
package policies.net.forwarding_open

import data.policies.lib.packet_words
import data.policies.lib.packets

subjects contains record.target if some record in input.iptables

findings contains {
	"subject": record.target,
	"key": sprintf("%s rest", [record.family]),
	"message": sprintf("what no %s rule of FORWARD takes is accepted", [record.family]),
	"sources": [packets.endings[id].chain],
} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "FORWARD")
	packets.endings[id].verdict == "ACCEPT"
}

accepting[[a.target, a.family, packet_words.text(a.rule.protocol.values, a.rule.dest_ports.negated, a.rule.dest_ports.ranges)]] contains a.rule.source if {
	some a in packets.accepts
	a.chain == "FORWARD"
	count(a.rule.unmodelled) == 0
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s: FORWARD accepts new connections (%s)", [id[1], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in accepting
}

unsure contains {"subject": a.target, "reason": sprintf("%s: a rule of FORWARD accepts by a match that is not modelled: %s", [a.family, a.rule.text])} if {
	some a in packets.accepts
	a.chain == "FORWARD"
	count(a.rule.unmodelled) > 0
}

unsure contains {"subject": record.target, "reason": sprintf("%s: FORWARD goes on in %s, which is not followed", [record.family, concat(", ", packets.opaque_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "FORWARD")
	packets.opaque_chains[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: there is no FORWARD chain; whether the kernel forwards is not known", [record.family])} if {
	some record in input.iptables
	not packets.chains[packets.chain_id(record.target, record.family, "FORWARD")]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: FORWARD hands packets to %s, which is not modelled", [record.family, concat(", ", packets.strange_targets[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "FORWARD")
	packets.strange_targets[id]
}

unsure contains {"subject": record.target, "reason": sprintf("%s: FORWARD goes to %s for good, and the policy accepts the rest", [record.family, concat(", ", packets.straying_chains[id])])} if {
	some record in input.iptables
	id := packets.chain_id(record.target, record.family, "FORWARD")
	packets.straying_chains[id]
}
