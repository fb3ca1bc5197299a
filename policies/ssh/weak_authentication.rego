# METADATA
# title: SSH server takes weak proofs of identity
# description: |-
#   Empty passwords, trust in a client's host and variables that the user sets are ways around a login. The rule judges where
#   the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: high
#   fix: Set the directive to the value of the benchmark.
#   controls: [CIS-RHEL-SSH-EMPTY-PASSWORDS, CIS-RHEL-SSH-HOSTBASED, CIS-RHEL-SSH-USER-ENVIRONMENT, CIS-RHEL-SSH-USE-PAM]
#   bad: PermitEmptyPasswords yes
#   good: PermitEmptyPasswords no
package policies.ssh.weak_authentication

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

findings contains {
	"subject": s.target,
	"key": s.directive,
	"message": ssh.message(s.directive, s.value, s.want),
	"fix": ssh.remedy(s.directive, s.want),
	"sources": [s.source],
} if {
	some s in ssh.switched.authentication
}

unsure contains {"subject": s.target, "reason": ssh.gone(s.directive)} if {
	some s in ssh.silent.authentication
}
