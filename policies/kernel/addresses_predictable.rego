# METADATA
# title: Address spaces are not randomised
# description: |-
#   Exploits of memory errors need to know where code and data lie. Full randomisation makes each start of a program
#   different.
# related_resources:
# - ref: https://docs.kernel.org/admin-guide/sysctl/kernel.html
# custom:
#   severity: high
#   fix: Set kernel.randomize_va_space to 2 and load it.
#   controls: [HOST-02, CIS-RHEL-ASLR]
#   bad: kernel.randomize_va_space = 0
#   good: kernel.randomize_va_space = 2
package policies.kernel.addresses_predictable

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.address_space

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.address_space
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.address_space
