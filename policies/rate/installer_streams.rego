# METADATA
# title: Installer leaves one connection too many requests
# description: |-
#   Streams that are opened and reset at once cost the gate far more than the client (CVE-2023-44487). A bound on
#   each connection bounds that cost.
# custom:
#   severity: medium
#   fix: Set NGX_HTTP2_MAX_CONCURRENT_STREAMS=150 and NGX_KEEPALIVE_REQUESTS=500.
#   controls: [RATE-09]
#   optional: [env]
#   bad: NGX_HTTP2_MAX_CONCURRENT_STREAMS=1000
#   good: NGX_HTTP2_MAX_CONCURRENT_STREAMS=128
package policies.rate.installer_streams

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.streams

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.streams
}

unsure contains u if some u in env_bounds.untold.streams
