# METADATA
# title: Packets with impossible addresses are not logged
# description: |-
#   They are the first sign of a spoofing attempt or of a wrong route. Dropped in silence, nobody ever looks for their
#   sender.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: low
#   fix: Set the parameter to 1 and load it.
#   controls: [HOST-02, CIS-RHEL-MARTIANS]
#   bad: net.ipv4.conf.all.log_martians = 0
#   good: net.ipv4.conf.all.log_martians = 1
package policies.kernel.martians_unlogged

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.martians

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.martians
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.martians
