# METADATA
# title: Root may log in over SSH
# description: |-
#   Logins of root cannot be told apart, and its name is the first that is tried. Administrators log in by their own name and
#   change after that. The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: high
#   fix: Set PermitRootLogin to no.
#   controls: [CIS-RHEL-SSH-ROOT-LOGIN]
#   bad: PermitRootLogin prohibit-password
#   good: PermitRootLogin no
package policies.ssh.root_login

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

findings contains {
	"subject": s.target,
	"key": s.directive,
	"message": ssh.message(s.directive, s.value, s.want),
	"fix": ssh.remedy(s.directive, s.want),
	"sources": [s.source],
} if {
	some s in ssh.switched.root
}

unsure contains {"subject": s.target, "reason": ssh.gone(s.directive)} if {
	some s in ssh.silent.root
}
