# METADATA
# title: Program listens on a port that no packet rule names
# description: |-
#   Either the port is meant to be reached and is not, or it is a program that nobody meant to run. A rule for each open port keeps
#   the packet filter and the host in step. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Add a rule for the port, or stop the program.
#   controls: [CIS-RHEL-FIREWALL-PORTS]
#   bad: 'tcp LISTEN 0.0.0.0:12008   (no rule of INPUT names 12008)'
#   good: -A INPUT -p tcp --dport 12008 ... -j ACCEPT
package policies.net.listener_without_rule

import data.policies.lib.host
import data.policies.lib.packets

filtered contains record.target if some record in input.iptables

subjects contains target if {
	some target in host.benchmarked
	host.places[target].sockets
	target in filtered
}

listening[[record.target, socket.protocol, socket.port]] contains socket.source if {
	some record in input.host
	record.target in subjects
	some socket in record.sockets
	not socket.loopback
}

named(target, port) if {
	some family in ["ipv4", "ipv6"]
	packets.by_port[[packets.chain_id(target, family, "INPUT"), port]]
}

named(target, port) if {
	some family in ["ipv4", "ipv6"]
	some rule in packets.wide[packets.chain_id(target, family, "INPUT")]
	some range in rule.dest_ports.ranges
	packets.covers(range.from, range.to, port)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %d", [id[1], id[2]]),
	"message": sprintf("%s port %d is open on the host, and no rule of INPUT names it", [id[1], id[2]]),
	"fix": sprintf("stop the program, or put `-A INPUT%s -p %s --dport %d -j DROP` before the last rule of INPUT in the saved rules of both families, and load them", [from_outside(id[0]), id[1], id[2]]),
	"sources": array.concat([s | some s in sources], [s | some s in places[id[0]]]),
} if {
	some id, sources in listening
	not named(id[0], id[2])
	not unfollowed[id[0]]
}

# places: the INPUT chains of an edge, of either family.
places[record.target] contains packets.chains[packets.chain_id(record.target, record.family, "INPUT")].source if {
	some record in input.iptables
}

from_outside(target) := sprintf(" -i %s", [packets.external_interface[target]])

from_outside(target) := "" if not packets.external_interface[target]

# unfollowed: a chain that INPUT jumps to may name the port.
unfollowed[target] contains chain if {
	some target in subjects
	some chain in packets.unfollowed_chains[target]
	contains(chain, "INPUT")
}

unsure contains {"subject": target, "reason": sprintf("%s goes where it is not followed", [chain])} if {
	some target, chains in unfollowed
	some chain in chains
}
