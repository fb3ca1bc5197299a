# METADATA
# title: SSH server lets clients try or wait for long
# description: |-
#   Each limit slows down guessing and keeps strangers from using up the connections that administrators need. An idle session
#   left open is one that somebody else may use. The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: low
#   fix: Set the directive within the bound of the profile.
#   controls: [CIS-RHEL-SSH-MAX-AUTH-TRIES, CIS-RHEL-SSH-MAX-SESSIONS, CIS-RHEL-SSH-MAX-STARTUPS, CIS-RHEL-SSH-LOGIN-GRACE, CIS-RHEL-SSH-CLIENT-ALIVE]
#   bad: MaxAuthTries 10
#   good: MaxAuthTries 4
package policies.ssh.unbounded

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

bounds := {
	"maxauthtries": {"directive": "MaxAuthTries", "most": input.profile.parameters.host.ssh.attempts},
	"maxsessions": {"directive": "MaxSessions", "most": input.profile.parameters.host.ssh.sessions},
	"logingracetime": {"directive": "LoginGraceTime", "most": input.profile.parameters.host.ssh.grace_seconds},
}

findings contains {
	"subject": target,
	"key": bound.directive,
	"message": sprintf("%s is %d; the profile asks for 1 to %d", [bound.directive, s.number.value, bound.most]),
	"fix": sprintf("%s %d", [bound.directive, bound.most]),
	"sources": [s.source],
} if {
	some target in ssh.judged
	some keyword, bound in bounds
	some s in ssh.settings[target][keyword]
	s.number.known
	outside(keyword, s.number.value, bound.most)
}

outside(_, number, most) if number > most

# No time at all means no end.
outside("logingracetime", 0, _)

unsure contains {"subject": target, "reason": sprintf("%s is %q, which is no number", [bound.directive, s.value])} if {
	some target in ssh.judged
	some keyword, bound in bounds
	some s in ssh.settings[target][keyword]
	not s.number.known
}

unsure contains {"subject": target, "reason": ssh.gone(bound.directive)} if {
	some target in ssh.judged
	some keyword, bound in bounds
	not ssh.settings[target][keyword]
}

# start-ups that are not yet logged in

start_words := concat(":", [sprintf("%d", [n]) | some n in input.profile.parameters.host.ssh.startups])

findings contains {
	"subject": target,
	"key": "MaxStartups",
	"message": sprintf("MaxStartups is %s; the profile asks for %s at most", [s.value, start_words]),
	"fix": sprintf("MaxStartups %s", [start_words]),
	"sources": [s.source],
} if {
	some target in ssh.judged
	some s in ssh.settings[target].maxstartups
	some i, most in input.profile.parameters.host.ssh.startups
	i in {0, 2}
	readable(s.value)
	to_number(split(s.value, ":")[i]) > most
}

readable(value) if regex.match(`^[0-9]{1,9}(:[0-9]{1,9}:[0-9]{1,9})?$`, value)

unsure contains {"subject": target, "reason": sprintf("MaxStartups %q cannot be read", [s.value])} if {
	some target in ssh.judged
	some s in ssh.settings[target].maxstartups
	not readable(s.value)
}

unsure contains {"subject": target, "reason": ssh.gone("MaxStartups")} if {
	some target in ssh.judged
	not ssh.settings[target].maxstartups
}

# idle sessions

idle contains {"target": target, "seconds": interval.number.value * tries.number.value, "source": interval.source, "other": tries.source} if {
	some target in ssh.judged
	some interval in ssh.settings[target].clientaliveinterval
	some tries in ssh.settings[target].clientalivecountmax
	interval.number.known
	tries.number.known
}

findings contains {
	"subject": i.target,
	"key": "ClientAliveInterval",
	"message": sprintf("a client that is gone is noticed after %d seconds (0 is never); the profile asks for 1 to %d", [i.seconds, input.profile.parameters.host.ssh.idle_seconds]),
	"fix": sprintf("ClientAliveInterval %d and ClientAliveCountMax 3", [floor(input.profile.parameters.host.ssh.idle_seconds / 3)]),
	"sources": [i.source, i.other],
} if {
	some i in idle
	too_long(i.seconds, input.profile.parameters.host.ssh.idle_seconds)
}

too_long(0, _)

too_long(seconds, most) if seconds > most

unsure contains {"subject": target, "reason": ssh.gone("ClientAliveInterval or ClientAliveCountMax")} if {
	some target in ssh.judged
	count([i | some i in idle; i.target == target]) == 0
}
