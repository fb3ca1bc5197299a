# METADATA
# title: Installer lets every User-Agent through
# description: |-
#   Most scanners name themselves, and go away when they are refused at once. The pattern of browsers is what keeps
#   them out of logs and limits.
# custom:
#   severity: low
#   fix: Set NGX_USE_REGEX_TO_VALIDATE_USER_AGENT=true.
#   controls: [HTTP-15]
#   optional: [env]
#   bad: NGX_USE_REGEX_TO_VALIDATE_USER_AGENT=false
#   good: NGX_USE_REGEX_TO_VALIDATE_USER_AGENT=true
package policies.filter.installer_user_agent_off

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {"NGX_USE_REGEX_TO_VALIDATE_USER_AGENT": {"value": true, "else": "only listed User-Agents are refused"}}

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
