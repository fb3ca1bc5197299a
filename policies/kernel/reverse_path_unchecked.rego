# METADATA
# title: Kernel takes packets with addresses of the other side
# description: |-
#   Without the reverse path filter a packet from the internet may carry an address of the inner network as its sender, and
#   pass rules that trust that network. Strict filtering needs right routes on both interfaces.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: medium
#   fix: Set the parameter to 1 and load it.
#   controls: [HOST-02, CIS-RHEL-REVERSE-PATH]
#   bad: net.ipv4.conf.all.rp_filter = 0
#   good: net.ipv4.conf.all.rp_filter = 1
package policies.kernel.reverse_path_unchecked

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.reverse_path

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.reverse_path
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.reverse_path
