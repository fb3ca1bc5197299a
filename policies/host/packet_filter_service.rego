# METADATA
# title: Packet rules are not what the host starts with
# description: |-
#   Rules that nobody loads at boot are gone after the next restart, and a second service rewrites them behind the first. The
#   published set-up masks firewalld and lets one service load the rules of both families.
# custom:
#   severity: high
#   fix: Mask firewalld and enable iptables.service and ip6tables.service, or nftables.service alone.
#   controls: [HOST-08, CIS-RHEL-FIREWALL-TOOL, CIS-RHEL-FIREWALL-ENABLED, CIS-RHEL-FIREWALL-SAVED]
#   bad: firewalld.service enabled
#   good: firewalld.service masked
package policies.host.packet_filter_service

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].units
}

list_of(target) := [s | some s in host.places[target].units]

findings contains {
	"subject": target,
	"key": "firewalld",
	"message": sprintf("firewalld.service is %s, so that it may replace the packet rules", [unit.state]),
	"fix": concat(" ", [
		"from the console: write the rules with iptables-save and ip6tables-save into /etc/sysconfig/iptables and",
		"/etc/sysconfig/ip6tables and read them through, run `systemctl enable --now iptables ip6tables`,",
		"then `systemctl mask --now firewalld`",
	]),
	"sources": [unit.source],
} if {
	some target in subjects
	some unit in host.services[target]["firewalld.service"]
	not unit.masked
}

# loaders: what loads packet rules at boot, by the families that it loads.
loaders := {"iptables.service": {"ipv4"}, "ip6tables.service": {"ipv6"}, "nftables.service": {"ipv4", "ipv6"}, "netfilter-persistent.service": {"ipv4", "ipv6"}}

loaded[target] contains {"unit": name, "family": family} if {
	some target in subjects
	some name, families in loaders
	host.enabled(target, name)
	some family in families
}

names(target) := {l.unit | some l in loaded[target]}

findings contains {
	"subject": target,
	"key": sprintf("boot %s", [family]),
	"message": sprintf("no enabled service loads the %s rules at boot", [family]),
	"fix": sprintf("from the console: save the %s rules to /etc/sysconfig first, then `systemctl enable --now %s`", [family, service[family]]),
	"sources": list_of(target),
} if {
	some target in subjects
	some family, _ in service
	not family in {l.family | some l in loaded[target]}
}

service := {"ipv4": "iptables.service", "ipv6": "ip6tables.service"}

findings contains {
	"subject": target,
	"key": "two",
	"message": sprintf("%s all load packet rules; the last one wins", [concat(", ", names(target))]),
	"fix": "systemctl mask the services that are not in charge",
	"sources": [unit.source | some name in names(target); some unit in host.services[target][name]],
} if {
	some target in subjects
	some family, _ in service
	count({l.unit | some l in loaded[target]; l.family == family}) > 1
}
