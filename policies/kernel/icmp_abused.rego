# METADATA
# title: Kernel answers broadcast pings or logs bogus ICMP errors
# description: |-
#   A host that answers pings to a broadcast address multiplies an attack on somebody else. Logging every bogus error lets
#   a sender fill the disk.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: low
#   fix: Set the parameter to 1 and load it.
#   controls: [HOST-02, CIS-RHEL-BROADCAST-ICMP, CIS-RHEL-BOGUS-ICMP]
#   bad: net.ipv4.icmp_echo_ignore_broadcasts = 0
#   good: net.ipv4.icmp_echo_ignore_broadcasts = 1
package policies.kernel.icmp_abused

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.icmp

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.icmp
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.icmp
