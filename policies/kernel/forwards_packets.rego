# METADATA
# title: Kernel forwards packets between networks
# description: |-
#   A host with a leg in both networks that forwards is a router around both firewalls. The gate ends every connection
#   itself and has nothing to pass through.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: high
#   fix: Set the parameter to 0 in the last file of /etc/sysctl.d and load it.
#   controls: [HOST-02, CIS-RHEL-IP-FORWARDING]
#   bad: net.ipv4.ip_forward = 1
#   good: net.ipv4.ip_forward = 0
package policies.kernel.forwards_packets

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.forwarding

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.forwarding
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.forwarding
