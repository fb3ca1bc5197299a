# METADATA
# title: Token secret is a published sample
# description: |-
#   The key that opens agents' tokens stands in public documents. With it anybody can write a token that the gate
#   accepts, and is past its login.
# custom:
#   severity: critical
#   fix: Put the value of show ids secret of the own IdS into the gate's map, or regenerate it there if the node itself has the sample.
#   controls: [AUTH-03]
#   bad: map $host $jwt_secret { default "<the value of the sample file>"; }
#   good: map $host $jwt_secret { default "<the answer of show ids secret>"; }
package policies.auth.published_secret

published contains digest if some digest in input.profile.parameters.samples.secrets

subjects contains record.target if some record in input.nginxrules

subjects contains node.target if some node in input.vos

found[[record.target, secret.sha256]] contains secret.source if {
	some record in input.nginxrules
	some secret in record.secrets
	secret.sha256 in published
}

found[[node.target, secret.sha256]] contains secret.source if {
	some node in input.vos
	some secret in node.secrets
	secret.sha256 in published
}

findings contains {
	"subject": id[0],
	"key": substring(id[1], 0, 16),
	"message": sprintf("a secret with the SHA-256 %s... is a published sample", [substring(id[1], 0, 16)]),
	"sources": [s | some s in sources],
} if {
	some id, sources in found
}
