# METADATA
# title: Security update waits to be installed
# description: |-
#   The flaw is public from the day of the advisory, and the gate is the first host that strangers try it on. The list is what the
#   host's own package manager says.
# custom:
#   severity: high
#   fix: Install the update.
#   controls: [HOST-11, CIS-RHEL-UPDATES]
#   bad: 'RHSA-2026:0001 Important/Sec. openssl-libs-3.0.7-28.el9_4.x86_64'
#   good: (no line of the list is a security update)
package policies.host.security_update_pending

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].updates
}

pending[[record.target, update.package.name]] contains {"advisory": update.advisory, "severity": update.severity, "source": update.source} if {
	some record in input.host
	some update in record.updates
	update.security
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s has a security update that is not installed%s", [id[1], named(concat(", ", {u.advisory | some u in updates; u.advisory != ""}))]),
	"fix": sprintf("dnf update --security %s", [id[1]]),
	"sources": [u.source | some u in updates],
} if {
	some id, updates in pending
}

named("") := ""

named(advisories) := sprintf(" (%s)", [advisories]) if advisories != ""
