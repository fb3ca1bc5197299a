# METADATA
# title: IPv6 is not filtered while IPv4 is
# description: |-
#   A host with an IPv6 address is then open over the newer protocol, past every rule that was written for the older one.
#   Nobody notices, since all tests are done over IPv4.
# custom:
#   severity: high
#   fix: Load ip6tables rules that refuse by default as well, even if IPv6 is not used today.
#   controls: [NET-07, CIS-RHEL-FIREWALL-DEFAULT-DENY]
#   bad: ":INPUT ACCEPT [0:0] in ip6tables-save, with no rules"
#   good: ":INPUT DROP [0:0] in ip6tables-save"
package policies.net.unfiltered_ipv6

import data.policies.lib.packets

subjects contains record.target if some record in input.iptables

filtered[record.target] contains packets.endings[id].chain if {
	some record in input.iptables
	record.family == "ipv4"
	id := packets.chain_id(record.target, "ipv4", "INPUT")
	packets.endings[id].verdict != "ACCEPT"
}

filters := filtered

bare contains {"target": record.target, "source": packets.chains[id].source} if {
	some record in input.iptables
	record.family == "ipv6"
	id := packets.chain_id(record.target, "ipv6", "INPUT")
	packets.chains[id].policy == "ACCEPT"
	not packets.rules[id]
}

bare contains {"target": record.target, "source": record.source} if {
	some record in input.iptables
	record.family == "ipv6"
	count(record.chains) > 0
	not packets.chains[packets.chain_id(record.target, "ipv6", "INPUT")]
}

findings contains {
	"subject": b.target,
	"key": "ipv6",
	"message": "IPv4 is refused by default, but INPUT of IPv6 is open and has no rules",
	"sources": array.concat([b.source], [s | some s in filters[b.target]]),
} if {
	some b in bare
	filters[b.target]
}

seen contains record.target if {
	some record in input.iptables
	record.family == "ipv6"
}

unsure contains {"subject": record.target, "reason": "the IPv6 rules are not known"} if {
	some record in input.iptables
	not record.target in seen
}
