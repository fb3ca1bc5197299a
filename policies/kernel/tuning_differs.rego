# METADATA
# title: Kernel parameters for load and timing differ from the published ones
# description: |-
#   Queues and timeouts decide how long the gate holds out under a flood of connections, and the published values were
#   tried with the published packet limits. The magic keys of the console have no place on a gate.
# related_resources:
# - ref: https://docs.kernel.org/admin-guide/sysctl/net.html
# custom:
#   severity: medium
#   fix: Set the parameter to the value of the profile in the last file of /etc/sysctl.d and load it.
#   controls: [HOST-02]
#   bad: net.ipv4.tcp_fin_timeout = 60
#   good: net.ipv4.tcp_fin_timeout = 6
package policies.kernel.tuning_differs

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.tuning

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.tuning
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.tuning
