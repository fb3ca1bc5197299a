# METADATA
# title: Certificate of a node is from before its domain was changed
# description: |-
#   A node keeps its old certificates when its DNS domain is changed. They name a server that no longer exists, so they
#   have to be made anew before they are signed or handed to other nodes.
# custom:
#   severity: high
#   fix: Make the certificate of the unit tomcat again on the node, then distribute or sign it.
#   controls: [CRT-14]
#   bad: "Domain : corp.example on a node whose certificate is for fin-a.old.example"
#   good: "Domain : corp.example on a node whose certificate is for fin-a.corp.example"
package policies.cert.domain_changed

import data.policies.lib.certificates

domains[node.target] := {"name": lower(node.domain.value), "source": node.domain.source} if {
	some node in input.vos
	node.domain.known
	node.domain.value != ""
}

subjects contains subject if some subject, _ in certificates.nodes

findings contains {
	"subject": subject,
	"key": leaf.sha,
	"message": sprintf("the node is in the domain %s, and %s has no name in it", [domain.name, certificates.found[leaf.sha].subject_name]),
	"sources": array.concat([domain.source], certificates.sources[leaf.sha]),
} if {
	some subject, _ in certificates.nodes
	domain := domains[subject]
	some leaf in certificates.own[subject]
	certificates.found[leaf.sha]
	not in_domain(leaf.sha, sprintf(".%s", [domain.name]))
}

in_domain(sha, ending) if {
	some name in certificates.found[sha].dns_names
	endswith(lower(name), ending)
}

in_domain(sha, ending) if endswith(lower(certificates.found[sha].common_name), ending)

unsure contains {"subject": subject, "reason": "the node's command line did not show its domain"} if {
	some subject, _ in certificates.nodes
	not domains[subject]
}

unsure contains {"subject": subject, "reason": "no certificate of the node is known"} if {
	some subject, _ in certificates.nodes
	not certificates.own[subject]
}
