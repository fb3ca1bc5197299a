# METADATA
# title: Installer's packet limits differ from the published ones
# description: |-
#   The packet filter stops floods before TLS costs anything. Below the published values agents are cut off, far
#   above them the flood is let in.
# custom:
#   severity: medium
#   fix: Set IPTABLES_CONNECTION_LIMIT_ABOVE, IPTABLES_HASH_LIMIT_UPTO and IPTABLES_HASH_LIMIT_BURST to the published values of the component.
#   controls: [RATE-08]
#   optional: [env]
#   bad: IPTABLES_CONNECTION_LIMIT_ABOVE=1000
#   good: IPTABLES_CONNECTION_LIMIT_ABOVE=10
package policies.rate.installer_packets

import data.policies.lib.env
import data.policies.lib.env_bounds

subjects contains edge if some edge in env_bounds.subjects.packets

findings contains {
	"subject": b.edge,
	"key": sprintf("%s %s%s", [env.words(b.file), b.name, b.about]),
	"message": sprintf("%s is %s in %s; %s is wanted%s", [b.name, b.text, env.words(b.file), env_bounds.span(b.least, b.most), b.about]),
	"sources": [b.source],
} if {
	some b in env_bounds.beyond.packets
}

unsure contains u if some u in env_bounds.untold.packets
