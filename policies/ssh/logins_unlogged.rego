# METADATA
# title: SSH server does not log who logs in
# description: |-
#   After an incident nobody can then tell which key opened the session. Levels below INFO lose it, and debug levels write
#   things that nobody should read. The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: low
#   fix: Set LogLevel to VERBOSE, which also shows the key.
#   controls: [CIS-RHEL-SSH-LOG-LEVEL]
#   bad: LogLevel QUIET
#   good: LogLevel VERBOSE
package policies.ssh.logins_unlogged

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

findings contains {
	"subject": target,
	"key": "LogLevel",
	"message": sprintf("LogLevel is %s; the profile asks for %s", [s.value, concat(" or ", input.profile.parameters.host.ssh.log_levels)]),
	"fix": "LogLevel VERBOSE",
	"sources": [s.source],
} if {
	some target in ssh.judged
	some s in ssh.settings[target].loglevel
	not upper(s.value) in input.profile.parameters.host.ssh.log_levels
}

unsure contains {"subject": target, "reason": ssh.gone("LogLevel")} if {
	some target in ssh.judged
	not ssh.settings[target].loglevel
}
