# METADATA
# title: Installer's connection limit lies far beyond the published one
# description: |-
#   Each connection holds memory of the gate and of a node. One client with many times the published number leaves
#   less for the agents.
# custom:
#   severity: medium
#   fix: Set the limit to the published one, or as far above it as agents behind one address need.
#   controls: [RATE-03]
#   optional: [env]
#   bad: NGX_FIN_HTTP1_CONN_LIMIT=500
#   good: NGX_FIN_HTTP1_CONN_LIMIT=12
package policies.rate.installer_connections

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.connections

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.connections
}

unsure contains u if some u in env_bounds.untold.connections
