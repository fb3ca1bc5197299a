# METADATA
# title: Installer locks guessing clients late or briefly
# description: |-
#   The gate is reached by everybody, and behind it accounts are locked for the agents themselves. A lock that comes
#   late or ends soon lets a guesser go on all night.
# custom:
#   severity: medium
#   fix: Set NGX_CLIENT_LOCK_THRESHOLD=5, NGX_CLIENT_LOCK_DURATION=30 and NGX_CLIENT_BLOCK_DURATION=1800.
#   controls: [AUTH-05]
#   optional: [env]
#   bad: NGX_CLIENT_LOCK_THRESHOLD=100
#   good: NGX_CLIENT_LOCK_THRESHOLD=5
package policies.auth.installer_lock_lenient

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.lock

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.lock
}

unsure contains u if some u in env_bounds.untold.lock
