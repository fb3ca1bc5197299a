# METADATA
# title: Node has no DNS server, no domain or no full name
# description: |-
#   Certificates are made for the full name that a node has in DNS. A node without a domain or resolver makes them for
#   a short name, which no browser and no other node accepts.
# custom:
#   severity: medium
#   fix: Set the domain and the DNS servers of the node, and call it by its full name in the site file.
#   controls: [CRT-13]
#   bad: "Domain :"
#   good: "Domain : corp.example"
package policies.cert.node_without_domain

import data.policies.lib.inventory

vendor_nodes[node.target] := node if {
	some node in input.vos
	inventory.nodes[node.target].role != "gadget"
}

subjects contains subject if some subject, _ in vendor_nodes

findings contains {
	"subject": subject,
	"key": "domain",
	"message": "the node has no DNS domain",
	"fix": "Run set network domain DOMAIN on the node, then make its certificates again.",
	"sources": [node.domain.source],
} if {
	some subject, node in vendor_nodes
	node.domain.known
	node.domain.value == ""
}

findings contains {
	"subject": subject,
	"key": "resolver",
	"message": "the node asks no DNS server",
	"fix": "Run set network dns primary ADDRESS on the node.",
	"sources": [node.dns_servers.source],
} if {
	some subject, node in vendor_nodes
	node.dns_servers.known
	count(node.dns_servers.items) == 0
}

findings contains {
	"subject": subject,
	"key": "host",
	"message": sprintf("the site calls the node %s, which is no full name", [inventory.nodes[subject].host]),
	"sources": [inventory.nodes[subject].source],
} if {
	some subject, _ in vendor_nodes
	not contains(inventory.nodes[subject].host, ".")
}

unsure contains {"subject": subject, "reason": "the node's command line did not show its domain"} if {
	some subject, node in vendor_nodes
	not node.domain.known
}

unsure contains {"subject": subject, "reason": "the node's command line did not show its DNS servers"} if {
	some subject, node in vendor_nodes
	not node.dns_servers.known
}
