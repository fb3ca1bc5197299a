# METADATA
# title: Kernel sends or takes ICMP redirects
# description: |-
#   A redirect changes where a host sends its packets on the word of whoever is near. Taking them lets a neighbour in the
#   DMZ sit between the gate and the nodes; sending them is a router's work.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: medium
#   fix: Set the parameter to 0, for all interfaces and for each, and load it.
#   controls: [HOST-02, CIS-RHEL-SEND-REDIRECTS, CIS-RHEL-ICMP-REDIRECTS, CIS-RHEL-SECURE-REDIRECTS]
#   bad: net.ipv4.conf.all.send_redirects = 1
#   good: net.ipv4.conf.all.send_redirects = 0
package policies.kernel.redirects_taken

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.redirects

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.redirects
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.redirects
