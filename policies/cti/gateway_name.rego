# METADATA
# title: Certificate of a gateway has another name than Finesse uses
# description: |-
#   The request of the gateway asks for a common name, and people type the name of the site or of the domain. It has to
#   be the full name of the gateway, the one that Finesse connects to.
# custom:
#   severity: high
#   fix: Run CiscoCertUtil /generateCSR on the gateway with its full name as common name, and have the request signed.
#   controls: [CTI-07]
#   bad: "CN=PG-A, <host>pg-a.corp.example</host>"
#   good: "CN=pg-a.corp.example, <host>pg-a.corp.example</host>"
package policies.cti.gateway_name

import data.policies.lib.certificates
import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

# names: what the gateway is called where it is connected to. Of several instances
# on a side, Finesse connects to one.
names[subject] contains lower(server.host) if {
	some subject, server in cti.servers
	server.host != ""
}

names[subject] contains lower(peer.host) if {
	some subject, server in cti.servers
	server.host == ""
	count([s | some s in cti.servers; s.side == server.side]) == 1
	some peer in cti.peers[server.side]
	peer.host != ""
}

places[subject] contains server.source if some subject, server in cti.servers

places[subject] contains peer.source if {
	some subject, server in cti.servers
	some peer in cti.peers[server.side]
}

findings contains {
	"subject": subject,
	"key": leaf,
	"message": sprintf("the common name is %q; Finesse connects to %s", [certificates.found[leaf].common_name, concat(", ", hosts)]),
	"sources": array.concat(certificates.sources[leaf], [s | some s in places[subject]]),
} if {
	some subject, hosts in names
	some leaf in cti.gateways[subject]
	certificates.found[leaf]
	not lower(certificates.found[leaf].common_name) in hosts
}

findings contains {
	"subject": subject,
	"key": sprintf("short %s", [host]),
	"message": sprintf("%s is no full name", [host]),
	"sources": [s | some s in places[subject]],
} if {
	some subject, hosts in names
	some host in hosts
	not contains(host, ".")
}

unsure contains {"subject": subject, "reason": "the host of the gateway is not known"} if {
	some subject, _ in cti.servers
	not names[subject]
}

unsure contains {"subject": subject, "reason": "no certificate of the gateway is known"} if {
	some subject, _ in cti.servers
	not cti.gateways[subject]
}
