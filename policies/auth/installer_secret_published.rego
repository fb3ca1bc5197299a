# METADATA
# title: Installer's token secret is a published sample
# description: |-
#   The key that opens agents' tokens stands in public documents. With it anybody can write a token that the gate
#   accepts, and is past its login.
# custom:
#   severity: critical
#   fix: Set NGX_JWT_SECRET to what show ids secret prints on the site's own identity server.
#   controls: [AUTH-03]
#   optional: [env]
#   bad: NGX_JWT_SECRET="<the value of the sample file>"
#   good: NGX_JWT_SECRET="<the answer of show ids secret>"
package policies.auth.installer_secret_published

import data.policies.lib.env

published contains digest if some digest in input.profile.parameters.samples.secrets

subjects contains edge if some edge in env.declared

found[[record.target, secret.sha256]] contains secret.source if {
	some record in env.records
	some secret in record.secrets
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

unsure contains u if some u in env.unread
