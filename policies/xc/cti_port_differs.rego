# METADATA
# title: Finesse has another CTI port than the gateway listens on
# description: |-
#   The secured port is typed twice, once in the gateway's setup and once in Finesse. A slip, or the plain port that was
#   there before, leaves every desktop out of service.
# custom:
#   severity: high
#   fix: Enter the gateway's secured port in Finesse Administration, CTI server settings, and restart Finesse.
#   controls: [XC-37, CTI-02]
#   bad: "<port>40630</port> with secured_port: 46030"
#   good: "<port>46030</port> with secured_port: 46030"
package policies.xc.cti_port_differs

import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

declared[server.side] contains server.secured_port.value if {
	some server in cti.servers
	server.secured_port.known
}

# With several instances, Finesse uses one of them.
findings contains {
	"subject": subject,
	"key": "port",
	"message": sprintf("Finesse connects to port %d of side %s; its CTI server listens on %s", [peer.port.value, server.side, concat(", ", ports)]),
	"fix": sprintf("Enter %s as port of side %s in Finesse's CTI server settings.", [concat(" or ", ports), upper(server.side)]),
	"sources": [peer.source, server.source],
} if {
	count(cti.settings) == 1
	some subject, server in cti.servers
	server.secured_port.known
	some peer in cti.peers[server.side]
	peer.port.known
	not peer.port.value in declared[server.side]
	ports := {sprintf("%d", [p]) | some p in declared[server.side]}
}

unsure contains {"subject": subject, "reason": "the secured port of the CTI server is not declared"} if {
	some subject, server in cti.servers
	not server.secured_port.known
}

unsure contains {"subject": subject, "reason": sprintf("which port Finesse uses for side %s is not known", [server.side])} if {
	some subject, server in cti.servers
	not uses(server.side)
}

uses(side) if {
	count(cti.settings) == 1
	some peer in cti.peers[side]
	peer.port.known
}
