# METADATA
# title: Installer answers limited clients with another status
# description: |-
#   The desktop waits and asks again after 429, and tells its agent of 503. Other answers end its session, or look
#   like a fault of the node.
# custom:
#   severity: low
#   fix: Set NGX_LIMIT_REQ_STATUS=429 and NGX_LIMIT_CONN_STATUS=503.
#   controls: [RATE-04]
#   optional: [env]
#   bad: NGX_LIMIT_REQ_STATUS=503
#   good: NGX_LIMIT_REQ_STATUS=429
package policies.rate.installer_status

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.status

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.status
}

unsure contains u if some u in env_bounds.untold.status
