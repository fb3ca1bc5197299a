# METADATA
# title: Kernel believes IPv6 router advertisements
# description: |-
#   Whoever is on the same network can announce itself as the way to everywhere, and gives the host an address that no
#   packet rule was written for. A gate has static addresses and routes.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: medium
#   fix: Set the parameter to the value of the profile, for all interfaces and for each, and load it.
#   controls: [HOST-02, CIS-RHEL-IPV6-RA]
#   bad: net.ipv6.conf.all.accept_ra = 1
#   good: net.ipv6.conf.all.accept_ra = 0
package policies.kernel.router_advertisements_taken

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.router_advertisements

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.router_advertisements
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.router_advertisements
