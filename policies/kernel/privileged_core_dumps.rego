# METADATA
# title: Privileged programs may leave core dumps
# description: |-
#   A dump of a program that changed its user holds keys and passwords, and lies in a place that others may read. The
#   benchmark of the operating system asks for it; the rule judges where the profile has that benchmark.
# related_resources:
# - ref: https://docs.kernel.org/admin-guide/sysctl/fs.html
# custom:
#   severity: low
#   fix: Set fs.suid_dumpable to 0 and load it.
#   controls: [CIS-RHEL-CORE-DUMPS]
#   bad: fs.suid_dumpable = 2
#   good: fs.suid_dumpable = 0
package policies.kernel.privileged_core_dumps

import data.policies.lib.host
import data.policies.lib.kernel

subjects contains w.target if {
	some w in kernel.wanted.core_dumps
	w.target in host.benchmarked
}

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.core_dumps
	d.target in host.benchmarked
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if {
	some m in kernel.missing.core_dumps
	m.target in host.benchmarked
}
