# METADATA
# title: Store that a node lists lacks the certificate of the gate
# description: |-
#   With certificates demanded, the node ends every connection of a gate whose certificate it cannot follow to its store.
#   The store belongs to the node: an upload to one of them does not reach the others of another product.
# custom:
#   severity: high
#   fix: Upload the certificate of the gate, or the CA that signed it, to tomcat-trust of the node, and restart its Web Proxy Service.
#   controls: [UP-11, XC-12]
#   bad: |-
#     tomcat-trust/Corp_Root.pem: Corp Root
#   good: |-
#     tomcat-trust/Corp_Root.pem: Corp Root
#     tomcat-trust/desk-a.agents.example.pem: desk-a.agents.example
package policies.xc.gate_certificate_untrusted

import data.policies.lib.certificates
import data.policies.lib.gated
import data.policies.lib.node_stores

subjects contains node.target if some node in gated.nodes

# calling[edge]: the certificates that the edge presents to nodes: those of
# proxy_ssl_certificate, else those that it serves.
configured[record.target] contains {"sha": c.certificates[0], "source": c.source} if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some c in record.configured
	c.directive == "proxy_ssl_certificate"
	c.read
	count(c.certificates) > 0
}

served[record.target] contains {"sha": chain.certificates[0], "source": chain.source} if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some chain in record.chains
	chain.place == "served"
	count(chain.certificates) > 0
}

calling[edge] := set_of if some edge, set_of in configured

calling[edge] := set_of if {
	some edge, set_of in served
	not configured[edge]
}

presented[c.sha] contains {"edge": edge, "source": c.source} if {
	some edge, set_of in calling
	some c in set_of
}

presentations := presented

untrusted contains {"node": node.target, "sha": sha} if {
	some node in gated.nodes
	some sha, _ in presentations
	node_stores.by_name(node.target, sha) == "no"
}

findings contains {
	"subject": u.node,
	"key": u.sha,
	"message": sprintf("the node lists neither the certificate of %s (%s) nor its issuer %s in tomcat-trust", [
		concat(", ", {p.edge | some p in presentations[u.sha]}),
		certificates.found[u.sha].common_name, certificates.found[u.sha].issuer_name,
	]),
	"fix": sprintf("Upload the certificate %s, or its issuer, to tomcat-trust of the node, and restart its Web Proxy Service.", [certificates.found[u.sha].common_name]),
	"sources": array.concat([s | some s in node_stores.sources[u.node]], [p.source | some p in presentations[u.sha]]),
} if {
	some u in untrusted
}

unsure contains {"subject": node.target, "reason": "the list of tomcat-trust is not known"} if {
	some node in gated.nodes
	some sha, _ in presentations
	node_stores.by_name(node.target, sha) == "open"
}

unsure contains {"subject": node.target, "reason": "which certificate the gate presents is not known"} if {
	some node in gated.nodes
	count(presentations) == 0
}
