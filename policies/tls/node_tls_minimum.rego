# METADATA
# title: Node permits a retired TLS version
# description: |-
#   The minimum version of a node holds for its listeners and for the connections that it opens. One node with a
#   lower minimum keeps old clients and old servers of the whole cluster alive.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8996
# custom:
#   severity: high
#   fix: Run set tls server min-version 1.2 and set tls client min-version 1.2 on the node, then restart it.
#   controls: [TLS-11]
#   bad: "set tls server min-version 1.0"
#   good: "set tls server min-version 1.2"
package policies.tls.node_tls_minimum

subjects contains node.target if some node in input.vos

allowed := {trim_prefix(version, "TLSv") | some version in input.profile.parameters.tls_versions}

findings contains {
	"subject": node.target,
	"key": "server",
	"message": sprintf("the server side permits TLS %s", [node.tls_server_minimum.value]),
	"fix": "Run set tls server min-version 1.2 on the node, then restart it.",
	"sources": [node.tls_server_minimum.source],
} if {
	some node in input.vos
	node.tls_server_minimum.known
	not node.tls_server_minimum.value in allowed
}

findings contains {
	"subject": node.target,
	"key": "client",
	"message": sprintf("the client side permits TLS %s", [node.tls_client_minimum.value]),
	"fix": "Run set tls client min-version 1.2 on the node, then restart it.",
	"sources": [node.tls_client_minimum.source],
} if {
	some node in input.vos
	node.tls_client_minimum.known
	not node.tls_client_minimum.value in allowed
}

unsure contains {"subject": node.target, "reason": "the answer of show tls server min-version is not known"} if {
	some node in input.vos
	not node.tls_server_minimum.known
}

unsure contains {"subject": node.target, "reason": "the answer of show tls client min-version is not known"} if {
	some node in input.vos
	not node.tls_client_minimum.known
}
