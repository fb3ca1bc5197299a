# METADATA
# title: Nothing was installed on the host for a long time
# description: |-
#   A supported system has security updates every few weeks, so a host that installs none is not subscribed, or its golden image
#   is never renewed. An empty list of updates means nothing then.
# custom:
#   severity: medium
#   fix: Subscribe the host to the updates of its release and install them.
#   controls: [HOST-11]
#   bad: 'openssl-libs-3.0.7-27.el9.x86_64    Mon 01 Jan 2024 03:04:05 PM UTC'
#   good: openssl-libs-3.0.7-27.el9.x86_64    (less than 60 days ago)
package policies.host.updates_stale

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].packages
}

findings contains {
	"subject": record.target,
	"key": "last install",
	"message": sprintf("%s was installed last, on %s, %d days ago; the profile asks for %d at most", [
		record.last_install.package, record.last_install.day,
		days, input.profile.parameters.host.update_days,
	]),
	"fix": "dnf update",
	"sources": [record.last_install.source],
} if {
	some record in input.host
	record.target in subjects
	record.last_install.known
	days := host.days(record.last_install.day, input.header.at)
	days > input.profile.parameters.host.update_days
}

unsure contains {"subject": record.target, "reason": "when a package was installed last is not known"} if {
	some record in input.host
	record.target in subjects
	not dated(record.target)
}

dated(target) if {
	some record in input.host
	record.target == target
	record.last_install.known
	host.days(record.last_install.day, input.header.at)
}
