# METADATA
# title: Tokens stay valid at the gate for too long
# description: |-
#   The gate goes on accepting a token from its cache after the identity service has withdrawn it. Twice the life of
#   an access token is what the vendor asks for.
# custom:
#   severity: low
#   fix: Set NGX_JWT_EXPIRY to twice the life of an access token in seconds, 7200 for one hour.
#   controls: [AUTH-09]
#   optional: [env]
#   bad: NGX_JWT_EXPIRY=86400
#   good: NGX_JWT_EXPIRY=7200
package policies.auth.token_cache_long

import data.policies.lib.env

subjects contains edge if some edge in env.declared

longest := input.profile.parameters.gate.token_cache_seconds

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_JWT_EXPIRY", [env.words(p.file)]),
	"message": sprintf("NGX_JWT_EXPIRY keeps tokens for %d seconds; 1 to %d are wanted", [p.number.value, longest]),
	"fix": sprintf("NGX_JWT_EXPIRY=%d", [longest]),
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_JWT_EXPIRY
	p.number.known
	not within(p.number.value)
}

within(seconds) if {
	seconds >= 1
	seconds <= longest
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_JWT_EXPIRY
}

unsure contains u if some u in env.unread
