# METADATA
# title: Browsers do not trust a port of a node
# description: |-
#   A desktop talks to several ports of several servers, and shows a warning for the first only. A gadget whose port has
#   another certificate stays empty without a word.
# custom:
#   severity: medium
#   fix: Present certificates of one CA that browsers trust on every port that they use, and restart the services that kept the old one.
#   controls: [CRT-18, CRT-20]
#   bad: "8445 of a CA that browsers trust, 12015 still self-signed"
#   good: "8445, 7443, 8444 and 12015 all of a CA that browsers trust"
package policies.cert.untrusted_node_listener

import data.policies.lib.certificates

presented[record.target] contains {"port": chain.port, "trusted": chain.trusted, "reason": chain.reason, "source": chain.source} if {
	some record in input.certchain
	startswith(record.target, "node/")
	some chain in record.chains
	chain.place == "served"
}

wanted[subject] contains port if {
	some subject, node in certificates.nodes
	some product in input.profile.parameters.trust.browser_ports
	product.role == node.role
	some port in product.ports
}

# Nodes that the site keeps off the network are not looked at by this route.
subjects contains subject if {
	some subject, node in certificates.nodes
	count(node.live.ports) > 0
}

subjects contains subject if {
	some subject, _ in certificates.nodes
	presented[subject]
}

findings contains {
	"subject": subject,
	"key": sprintf("%d", [p.port]),
	"message": sprintf("port %d presents a certificate that no declared root vouches for: %s", [p.port, p.reason]),
	"sources": [p.source],
} if {
	some subject in subjects
	some p in presented[subject]
	p.trusted.known
	not p.trusted.value
}

unsure contains {"subject": subject, "reason": sprintf("the site declares no roots, so whether port %d is trusted cannot be told", [p.port])} if {
	some subject in subjects
	some p in presented[subject]
	not p.trusted.known
}

seen[subject] contains p.port if {
	some subject, list in presented
	some p in list
}

unsure contains {"subject": subject, "reason": sprintf("browsers use port %d too, and nobody looked at it", [port])} if {
	some subject in subjects
	some port in wanted[subject]
	not was_seen(subject, port)
}

was_seen(subject, port) if port in seen[subject]
