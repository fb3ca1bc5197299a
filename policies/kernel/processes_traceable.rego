# METADATA
# title: A process can trace others of the same user
# description: |-
#   Whoever takes over one worker then reads the memory of the others, and with it the keys and tokens that they hold. The
#   benchmark of the operating system asks for it; the rule judges where the profile has that benchmark.
# related_resources:
# - ref: https://docs.kernel.org/admin-guide/sysctl/kernel.html
# custom:
#   severity: low
#   fix: Set kernel.yama.ptrace_scope to 1 and load it.
#   controls: [CIS-RHEL-PTRACE]
#   bad: kernel.yama.ptrace_scope = 0
#   good: kernel.yama.ptrace_scope = 1
package policies.kernel.processes_traceable

import data.policies.lib.host
import data.policies.lib.kernel

subjects contains w.target if {
	some w in kernel.wanted.ptrace
	w.target in host.benchmarked
}

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.ptrace
	d.target in host.benchmarked
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if {
	some m in kernel.missing.ptrace
	m.target in host.benchmarked
}
