# METADATA
# title: Certificate for several servers where the product wants one for each
# description: |-
#   Unified CCX, MediaSense and SocialMiner do not support one certificate for several servers. It installs, and then
#   fails when a node renews or checks it.
# custom:
#   severity: high
#   fix: Make a request on each node with the distribution set to its own name, and have each signed.
#   controls: [CRT-11]
#   bad: "DNS:uccx-a.corp.example, DNS:uccx-b.corp.example in the certificate of both"
#   good: "DNS:uccx-a.corp.example on one node, DNS:uccx-b.corp.example on the other"
package policies.cert.shared_between_nodes

import data.policies.lib.certificates
import data.policies.lib.inventory

subjects contains subject if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.own_certificate_roles
}

# holders[key]: the nodes that have a key pair, in whatever certificate.
holders[certificates.found[leaf.sha].key_sha256] contains subject if {
	some subject, _ in certificates.nodes
	some leaf in certificates.own[subject]
}

findings contains {
	"subject": subject,
	"key": sprintf("key %s", [leaf.sha]),
	"message": sprintf("%s has the key that %s has too", [certificates.found[leaf.sha].subject_name, concat(", ", others)]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject in subjects
	some leaf in certificates.own[subject]
	others := holders[certificates.found[leaf.sha].key_sha256] - {subject}
	count(others) > 0
}

# others_of[sha]: the declared nodes that a certificate names.
named[sha] contains node if {
	some subject in subjects
	some leaf in certificates.own[subject]
	sha := leaf.sha
	some name in certificates.found[sha].dns_names
	some node in inventory.node_of[lower(name)]
}

findings contains {
	"subject": subject,
	"key": sprintf("names %s", [leaf.sha]),
	"message": sprintf("%s also names %s", [certificates.found[leaf.sha].subject_name, concat(", ", others)]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject in subjects
	some leaf in certificates.own[subject]
	others := named[leaf.sha] - {subject}
	count(others) > 0
}

unsure contains {"subject": subject, "reason": "no certificate of the node is known"} if {
	some subject in subjects
	not certificates.own[subject]
}
