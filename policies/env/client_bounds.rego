# METADATA
# title: Installer gives clients too much time or room
# description: |-
#   Slow or huge requests hold workers and memory of the gate, and few clients then suffice to shut out all agents. The
#   next start of the installer writes these numbers into the configuration.
# custom:
#   severity: medium
#   fix: Set time limits of 10 s, a keep-alive of 20 s and a body of 15m at most.
#   controls: [HTTP-17, HTTP-19]
#   optional: [env]
#   bad: NGX_CLIENT_HEADER_TIMEOUT=300s
#   good: NGX_CLIENT_HEADER_TIMEOUT=10s
package policies.env.client_bounds

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env.declared

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.clients
}

# What no file assigns is judged in the configuration.
unsure contains {"subject": record.target, "reason": sprintf("%s in %s has no number that is known", [p.name, p.file])} if {
	some record in env.records
	record.target in subjects
	some p in record.properties
	p.set
	p.effective
	not p.number.known
	some bound in input.profile.parameters.gate.env_bounds
	bound.topic == "clients"
	bound.name == p.name
}

unsure contains u if some u in env.unread
