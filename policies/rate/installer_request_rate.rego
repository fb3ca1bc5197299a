# METADATA
# title: Installer's request rate lies far beyond the published one
# description: |-
#   Nodes exempt the gate from their own limits. One client with many times the published rate slows the desktop
#   down for all agents.
# custom:
#   severity: medium
#   fix: Set the rate to the published one, or as far above it as agents behind one address need.
#   controls: [RATE-02]
#   optional: [env]
#   bad: NGX_FIN_REQUEST_RATE_LIMIT=900r/s
#   good: NGX_FIN_REQUEST_RATE_LIMIT=90r/s
package policies.rate.installer_request_rate

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.request_rate

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.request_rate
}

unsure contains u if some u in env_bounds.untold.request_rate
