# METADATA
# title: Installer's token secret is too short
# description: |-
#   IdS makes secrets of 32 random bytes, which are 44 characters. Anything shorter was typed by a person, and can be
#   found by trying tokens against it.
# custom:
#   severity: high
#   fix: Set NGX_JWT_SECRET to what show ids secret prints on the site's own identity server.
#   controls: [AUTH-03]
#   optional: [env]
#   bad: NGX_JWT_SECRET="agent-desk"
#   good: NGX_JWT_SECRET="<the 44 characters of show ids secret>"
package policies.auth.installer_secret_short

import data.policies.lib.env

# The length of 32 bytes in base64.
full_length := 44

# subjects: the edges whose release opens tokens with a shared secret.
subjects contains edge if {
	input.profile.parameters.jwt_secret_used
	some edge in env.declared
}

secrets contains {"edge": record.target, "file": p.file, "secret": p.secret, "length": p.mark.length, "source": p.source} if {
	some record in input.env
	record.target in subjects
	some p in record.properties
	p.name == "NGX_JWT_SECRET"
	p.set
	p.effective
}

# Redaction keeps the length of random keys only: length 0 means that the value is not even 128 bit of randomness.
findings contains {
	"subject": s.edge,
	"key": sprintf("NGX_JWT_SECRET in %s", [s.file]),
	"message": sprintf("NGX_JWT_SECRET in %s has fewer than %d characters, or is no random key", [s.file, full_length]),
	"sources": [s.source],
} if {
	some s in secrets
	s.secret
	s.length < full_length
}

unsure contains {"subject": s.edge, "reason": sprintf("NGX_JWT_SECRET in %s is no secret that was recognised", [s.file])} if {
	some s in secrets
	not s.secret
}

unsure contains {"subject": edge, "reason": "no file assigns NGX_JWT_SECRET"} if {
	some edge in subjects
	edge in env.read_targets
	count([s | some s in secrets; s.edge == edge]) == 0
}

unsure contains u if {
	some u in env.unread
	u.subject in subjects
}
