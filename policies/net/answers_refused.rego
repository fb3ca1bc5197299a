# METADATA
# title: Answers to accepted connections are refused
# description: |-
#   A filter that does not know connections drops their answers, and somebody then opens whole ranges of ports to make it work.
#   The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Accept packets of established connections in INPUT and OUTPUT.
#   controls: [CIS-RHEL-FIREWALL-ESTABLISHED]
#   bad: (no rule with --state ESTABLISHED in OUTPUT)
#   good: -A OUTPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
package policies.net.answers_refused

import data.policies.lib.packets

subjects contains record.target if {
	input.profile.parameters.host.benchmark
	some record in input.iptables
}

established contains packets.chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict == "ACCEPT"
	"ESTABLISHED" in rule.states.values
	not rule.states.negated
	packets.takes_tcp(rule.protocol.set, rule.protocol.negated, rule.protocol.values)
}

# used: families in which the edge accepts or opens connections beyond lo.
used contains [a.target, a.family] if {
	some a in packets.accepts
	a.rule.in_interface.values != ["lo"]
	a.rule.out_interface.values != ["lo"]
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s %s", [record.family, chain]),
	"message": sprintf("no %s rule of %s accepts packets of established TCP connections", [record.family, chain]),
	"fix": sprintf("-I %s 2 -m state --state RELATED,ESTABLISHED -j ACCEPT", [chain]),
	"sources": [packets.chains[id].source],
} if {
	some record in input.iptables
	record.target in subjects
	[record.target, record.family] in used
	some chain in {"INPUT", "OUTPUT"}
	id := packets.chain_id(record.target, record.family, chain)
	packets.endings[id].verdict != "ACCEPT"
	not id in established
}

unsure contains {"subject": target, "reason": sprintf("%s goes where it is not followed", [chain])} if {
	some target in subjects
	some chain in packets.unfollowed_chains[target]
}
