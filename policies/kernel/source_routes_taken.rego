# METADATA
# title: Kernel takes packets that choose their own route
# description: |-
#   With source routing the sender decides by which hosts a packet passes, and so reaches networks that routing hides.
#   No honest client uses it.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: medium
#   fix: Set the parameter to 0 and load it.
#   controls: [HOST-02, CIS-RHEL-SOURCE-ROUTING]
#   bad: net.ipv4.conf.all.accept_source_route = 1
#   good: net.ipv4.conf.all.accept_source_route = 0
package policies.kernel.source_routes_taken

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.source_routing

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.source_routing
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.source_routing
