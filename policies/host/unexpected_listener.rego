# METADATA
# title: Something other than nginx and SSH listens on the network
# description: |-
#   The gate has two jobs: forwarding, and being administered. Any other open socket is one packet rule away from the internet,
#   and nobody looks after it.
# custom:
#   severity: medium
#   fix: Stop the program, or bind it to a loopback address.
#   controls: [HOST-13]
#   bad: 'tcp LISTEN 0.0.0.0:111 users:(("rpcbind",pid=700,fd=4))'
#   good: 'tcp LISTEN 127.0.0.1:323'
package policies.host.unexpected_listener

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].sockets
}

# wanted[target]: the ports that nginx and the SSH server are configured for, and
# those of monitoring agents, which another rule judges.
wanted[record.target] contains socket.port if {
	some record in input.nginxrules
	some socket in record.sockets
}

wanted[record.target] contains listen.port if {
	some record in input.host
	some listen in record.sshd.listens
}

wanted[target] contains port if {
	some target in host.targets
	some port in input.profile.parameters.host.monitor_ports
}

# Answers of DHCP come to these ports.
leases := {68, 546}

odd[[record.target, socket.protocol, socket.port]] contains {"programs": concat(", ", socket.programs), "address": socket.address, "source": socket.source} if {
	some record in input.host
	some socket in record.sockets
	not socket.loopback
	not socket.port in wanted[record.target]
	not lease(socket.protocol, socket.port)
}

lease("udp", port) if port in leases

findings contains {
	"subject": id[0],
	"key": sprintf("%s %d", [id[1], id[2]]),
	"message": sprintf("%s listens on %s port %d of %s", [who(concat(", ", {s.programs | some s in sockets; s.programs != ""})), id[1], id[2], concat(", ", {s.address | some s in sockets})]),
	"sources": [s.source | some s in sockets],
} if {
	some id, sockets in odd
	count(wanted[id[0]]) > 0
}

who("") := "a program"

who(programs) := programs if programs != ""
