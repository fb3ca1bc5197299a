# METADATA
# title: SSH server shows no warning before login
# description: |-
#   In some countries an intruder can say that nothing told them to keep out. The text must not name the system. The rule
#   judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: info
#   fix: Name a file with the warning in Banner.
#   controls: [CIS-RHEL-SSH-BANNER]
#   bad: Banner none
#   good: Banner /etc/issue.net
package policies.ssh.banner_missing

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

findings contains {
	"subject": target,
	"key": "Banner",
	"message": "no banner is shown before login",
	"fix": "Banner /etc/issue.net",
	"sources": [s.source],
} if {
	some target in ssh.judged
	some s in ssh.settings[target].banner
	lower(s.value) == "none"
}

# The default of every version is none.
findings contains {
	"subject": target,
	"key": "Banner",
	"message": "Banner is not written, so that none is shown",
	"fix": "Banner /etc/issue.net",
	"sources": [s | some s in ssh.sources[target]],
} if {
	some target in ssh.judged
	not ssh.settings[target].banner
}
