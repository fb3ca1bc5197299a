# METADATA
# title: Node does not demand a certificate from the gate
# description: |-
#   Trust then rests on an address alone, and anything that can send from it, or is put in its place, is taken for
#   the gate. With a certificate only the holder of its key is.
# custom:
#   severity: high
#   fix: Upload the gate's certificates to tomcat-trust, then run utils system reverse-proxy client-auth enable on the node.
#   controls: [UP-08]
#   bad: |-
#     SSL certificate verification for connections established from reverse proxy hosts is disabled
#   good: |-
#     SSL certificate verification for connections established from reverse proxy hosts is enabled
package policies.vos.client_auth_disabled

import data.policies.lib.gated

subjects contains node.target if some node in gated.nodes

findings contains {
	"subject": node.target,
	"key": "client-auth",
	"message": sprintf("client-auth is %s", [node.client_auth.value]),
	"sources": [node.client_auth.source],
} if {
	some node in gated.nodes
	node.client_auth.known
	node.client_auth.value != "enabled"
}

unsure contains {"subject": node.target, "reason": "the answer of client-auth status is not known"} if {
	some node in gated.nodes
	not node.client_auth.known
}
