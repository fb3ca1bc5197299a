# METADATA
# title: Port of a monitoring agent is open towards the internet
# description: |-
#   Agents tell the load, the processes and often the files of a host to whoever asks, and some run commands. They answer the
#   monitoring system on the inner side, and nobody else.
# custom:
#   severity: high
#   fix: Bind the agent to the inner address, or accept its port on the inner interface only.
#   controls: [HOST-17]
#   bad: 'tcp LISTEN 0.0.0.0:9100 users:(("node_exporter",pid=990,fd=3))'
#   good: 'tcp LISTEN 10.9.0.10:9100 users:(("node_exporter",pid=990,fd=3))'
package policies.host.monitor_port_open

import data.policies.lib.host
import data.policies.lib.packets

subjects contains target if {
	some target in host.targets
	host.places[target].sockets
}

outer[edge.subject] contains address if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

agents[[record.target, socket.port]] contains {"programs": concat(", ", socket.programs), "source": socket.source} if {
	some record in input.host
	some socket in record.sockets
	not socket.loopback
	socket.port in input.profile.parameters.host.monitor_ports
	faces(record.target, socket.wildcard, socket.address)
}

faces(_, true, _)

faces(target, false, address) if address in outer[target]

findings contains {
	"subject": id[0],
	"key": sprintf("port %d", [id[1]]),
	"message": sprintf("port %d of a monitoring agent (%s) listens on the outer side, and the packet rules let anybody in", [id[1], concat(", ", {a.programs | some a in found})]),
	"fix": sprintf("iptables and ip6tables -I INPUT 1 -i %s -p tcp --dport %d -j DROP, and save the rules", [packets.external_interface[id[0]], id[1]]),
	"sources": array.concat([a.source | some a in found], [s | some s in places]),
} if {
	some id, found in agents
	packets.external_interface[id[0]]
	places := union({packets.lets_in(id[0], family, id[1]) | some family in ["ipv4", "ipv6"]})
	count(places) > 0
}

unsure contains {"subject": id[0], "reason": sprintf("port %d of a monitoring agent listens on the outer side, and %s goes where it is not followed", [id[1], chain])} if {
	some id, _ in agents
	some chain in packets.unfollowed_chains[id[0]]
	contains(chain, "INPUT")
}

unsure contains {"subject": id[0], "reason": "the outer interface of the edge is not declared"} if {
	some id, _ in agents
	not packets.external_interface[id[0]]
}
