# METADATA
# title: Installer starts without SELinux
# description: |-
#   SELinux is what confines a worker that was taken over. The flag is meant for laboratories: with it the container
#   starts on a host that confines nothing.
# custom:
#   severity: high
#   fix: Set NGX_IGNORE_SELINUX=false and let SELinux enforce.
#   controls: [HOST-03]
#   optional: [env]
#   bad: NGX_IGNORE_SELINUX=true
#   good: NGX_IGNORE_SELINUX=false
package policies.env.selinux_bypassed

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {"NGX_IGNORE_SELINUX": {"value": false, "else": "the container starts although SELinux does not enforce"}}

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), name]),
	"message": sprintf("%s is %q in %s: %s", [name, p.text, env.words(p.file), want["else"]]),
	"fix": sprintf("%s=%v", [name, want.value]),
	"sources": [p.source],
} if {
	some name, want in wanted
	some edge, by_name in env.properties
	some p in by_name[name]
	p.switch.known
	p.switch.value != want.value
}

unsure contains {"subject": edge, "reason": reason} if {
	some name, _ in wanted
	some edge, by_name in env.untold
	some reason in by_name[name]
}

unsure contains u if some u in env.unread
