# METADATA
# title: SSH server forwards connections
# description: |-
#   Whoever has any login can then open connections through the gate into the inner network, past its packet rules and logs.
#   The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: medium
#   fix: Set DisableForwarding to yes.
#   controls: [CIS-RHEL-SSH-FORWARDING]
#   bad: AllowTcpForwarding yes
#   good: DisableForwarding yes
package policies.ssh.forwarding_allowed

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

# DisableForwarding switches all of it off, whatever the single switches say.
off contains target if {
	some target in ssh.judged
	some s in ssh.settings[target].disableforwarding
	s.value == "yes"
}

findings contains {
	"subject": s.target,
	"key": s.directive,
	"message": ssh.message(s.directive, s.value, s.want),
	"fix": ssh.remedy(s.directive, s.want),
	"sources": [s.source],
} if {
	some s in ssh.switched.forwarding
	not s.target in off
}

unsure contains {"subject": s.target, "reason": ssh.gone(s.directive)} if {
	some s in ssh.silent.forwarding
	not s.target in off
}
