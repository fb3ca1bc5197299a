# METADATA
# title: Public key of the identity service is fetched too rarely
# description: |-
#   From 12.6(2) on the gate verifies tokens with a key that it fetches. Until it asks again it accepts tokens of a key
#   that was replaced because it leaked, and refuses those of the new one.
# custom:
#   severity: low
#   fix: Set NGX_IDS_PUBLIC_KEY_POLL_INTERVAL=300.
#   controls: [AUTH-04]
#   optional: [env]
#   bad: NGX_IDS_PUBLIC_KEY_POLL_INTERVAL=86400
#   good: NGX_IDS_PUBLIC_KEY_POLL_INTERVAL=300
package policies.auth.key_poll_slow

import data.policies.lib.env

longest := input.profile.parameters.gate.key_poll_seconds

# Where tokens are opened with a shared secret the interval matters only if it is set.
subjects contains edge if {
	not input.profile.parameters.jwt_secret_used
	some edge in env.declared
}

subjects contains edge if {
	some edge, by_name in env.properties
	some p in by_name.NGX_IDS_PUBLIC_KEY_POLL_INTERVAL
	p.set
}

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_IDS_PUBLIC_KEY_POLL_INTERVAL", [env.words(p.file)]),
	"message": sprintf("NGX_IDS_PUBLIC_KEY_POLL_INTERVAL is %d seconds; 1 to %d are wanted", [p.number.value, longest]),
	"fix": sprintf("NGX_IDS_PUBLIC_KEY_POLL_INTERVAL=%d", [longest]),
	"sources": [p.source],
} if {
	some edge in subjects
	some p in env.properties[edge].NGX_IDS_PUBLIC_KEY_POLL_INTERVAL
	p.number.known
	not within(p.number.value)
}

within(seconds) if {
	seconds >= 1
	seconds <= longest
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge in subjects
	some reason in env.untold[edge].NGX_IDS_PUBLIC_KEY_POLL_INTERVAL
}

unsure contains u if {
	some u in env.unread
	u.subject in subjects
}
