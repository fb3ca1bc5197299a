# METADATA
# title: Loopback is not open to the host itself, or open to others
# description: |-
#   Programs of the host talk to each other over loopback, and trust who speaks from its addresses. A packet with such an address
#   from any other interface is forged. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: medium
#   fix: Accept what comes in on lo, and drop what claims its addresses elsewhere.
#   controls: [CIS-RHEL-FIREWALL-LOOPBACK]
#   bad: (no rule for lo at the start of INPUT)
#   good: '-A INPUT -i lo -j ACCEPT and -A INPUT -s 127.0.0.0/8 ! -i lo -j DROP'
package policies.net.loopback_unguarded

import data.policies.lib.packets

subjects contains record.target if {
	input.profile.parameters.host.benchmark
	some record in input.iptables
}

accepted contains packets.chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict == "ACCEPT"
	rule.in_interface.values == ["lo"]
	not rule.in_interface.negated
	not rule.dest_ports.set
}

# refused: what claims an address of loopback on another interface. Behind a rule
# that accepts all of lo, a rule without an interface says the same.
refused contains packets.chain_id(record.target, record.family, rule.chain) if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.verdict in {"DROP", "REJECT"}
	some network in rule.source_net.values
	not rule.source_net.negated
	network in {"127.0.0.0/8", "::1", "::1/128"}
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s lo", [record.family]),
	"message": sprintf("no %s rule of INPUT accepts what comes in on lo", [record.family]),
	"fix": "-I INPUT 1 -i lo -j ACCEPT",
	"sources": [packets.chains[id].source],
} if {
	some record in input.iptables
	record.target in subjects
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.endings[id].verdict != "ACCEPT"
	not id in accepted
}

loopback_net := {"ipv4": "127.0.0.0/8", "ipv6": "::1/128"}

# A chain that accepts nothing but lo needs no rule against forged addresses.
open_to_some(id) if {
	some rule in packets.admitting[id]
	rule.in_interface.values != ["lo"]
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s forged", [record.family]),
	"message": sprintf("no %s rule of INPUT drops addresses of loopback that come in elsewhere", [record.family]),
	"fix": sprintf("%s -I INPUT 1 -s %s ! -i lo -j DROP, and save the rules", [packets.tool[record.family], loopback_net[record.family]]),
	"sources": [packets.chains[id].source],
} if {
	some record in input.iptables
	record.target in subjects
	id := packets.chain_id(record.target, record.family, "INPUT")
	packets.chains[id]
	not id in refused
	open_to_some(id)
}
