# METADATA
# title: Port of the map file is open towards the internet
# description: |-
#   The static port hands out the proxy map and other files for the nodes, with the internal name and port of each. It is meant
#   for the inner interface alone.
# custom:
#   severity: high
#   fix: Accept the port on the inner interface only, or drop it on the outer one first.
#   controls: [HTTP-22]
#   bad: -A INPUT -p tcp --dport 10000 -j ACCEPT
#   good: -A INPUT -i ens224 -p tcp --dport 10000 -j ACCEPT
package policies.net.map_port_open

import data.policies.lib.packets

subjects contains record.target if some record in input.iptables

port := input.profile.parameters.host.map_port

findings contains {
	"subject": record.target,
	"key": sprintf("%s %d", [record.family, port]),
	"message": sprintf("%s: anybody on the outer side reaches port %d", [record.family, port]),
	"fix": sprintf("%s -I INPUT 1 -i %s -p tcp --dport %d -j DROP, and save the rules", [packets.tool[record.family], packets.external_interface[record.target], port]),
	"sources": [s | some s in packets.lets_in(record.target, record.family, port)],
	"witness": {"kind": "packet", "text": sprintf("%s tcp SYN from any address to the edge, port %d", [record.family, port])},
} if {
	some record in input.iptables
	packets.external_interface[record.target]
	count(packets.lets_in(record.target, record.family, port)) > 0
}

unsure contains {"subject": record.target, "reason": "the outer interface of the edge is not declared"} if {
	some record in input.iptables
	not packets.external_interface[record.target]
}

unsure contains {"subject": target, "reason": sprintf("%s goes where it is not followed", [chain])} if {
	some target, lost in packets.unfollowed_chains
	some chain in lost
	contains(chain, "INPUT")
}

unsure contains {"subject": record.target, "reason": sprintf("%s: addresses that the site does not declare reach port %d: %s", [record.family, port, text])} if {
	some record in input.iptables
	some text in packets.may_let_in(record.target, record.family, port)
}
