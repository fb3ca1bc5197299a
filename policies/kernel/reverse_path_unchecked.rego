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

import data.policies.lib.host
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

# The kernel takes the larger of the value for all and that of the interface, and 2
# is the loose form, which any route to the sender satisfies.
findings contains {
	"subject": edge.subject,
	"key": key,
	"message": sprintf("%s is %d, which is loose: the kernel takes the larger of this and the value for all", [key, s.number.value]),
	"fix": kernel.remedy(key, 1),
	"sources": [s.source],
} if {
	some edge in input.site.edges
	some name in {edge.interfaces.external, edge.interfaces.internal}
	key := sprintf("net.ipv4.conf.%s.rp_filter", [replace(name, ".", "/")])
	some s in host.sysctls[edge.subject][key]
	s.number.known
	s.number.value > 1
	"net.ipv4.conf.all.rp_filter" in {w.key | some w in kernel.wanted.reverse_path; w.value == 1}
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.reverse_path
