# METADATA
# title: Nothing notices changed files
# description: |-
#   A changed program or configuration is often the only trace of an intruder. A tool such as AIDE compares every file with a
#   known state each day. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Install aide, initialise its database and let a timer run it every day.
#   controls: [CIS-RHEL-AIDE]
#   bad: (no aide among the packages)
#   good: aidecheck.timer enabled
package policies.host.integrity_unwatched

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.places[target].packages
	host.places[target].units
}

tools := {"aide", "aide-common", "tripwire", "samhain", "wazuh-agent", "ossec-hids"}

installed(target) if {
	some name in tools
	host.packages[target][name]
}

findings contains {
	"subject": target,
	"key": "tool",
	"message": "no tool that watches files is installed",
	"fix": "dnf install aide && aide --init",
	"sources": [s | some s in host.places[target].packages],
} if {
	some target in subjects
	not installed(target)
}

timers := {"aidecheck.timer", "dailyaidecheck.timer", "aide-check.timer", "crond.service", "cron.service"}

runs(target) if {
	some name in timers
	host.enabled(target, name)
}

# The other tools run all the time.
runs(target) if {
	some name in (tools - {"aide", "aide-common"})
	host.packages[target][name]
}

findings contains {
	"subject": target,
	"key": "timer",
	"message": "nothing runs aide regularly",
	"fix": "systemctl enable --now aidecheck.timer",
	"sources": [s | some s in host.places[target].units],
} if {
	some target in subjects
	installed(target)
	not runs(target)
}
