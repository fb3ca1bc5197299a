# METADATA
# title: Idle connections stay open too long
# description: |-
#   Each idle connection holds a slot that another agent could use, and limits of parallel connections are reached
#   by clients that do nothing. The vendor and CIS differ about the number; the profile tells which one holds.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout
# custom:
#   severity: low
#   fix: Set keepalive_timeout to at most the profile's keep_alive.
#   controls: [HTTP-18, CIS-NGX-2.4.3]
#   bad: "keepalive_timeout 75s;"
#   good: "keepalive_timeout 20s;"
package policies.http.keep_alive_too_long

import data.policies.lib.nginx

subjects contains subject if some subject in nginx.exposed_servers

findings contains {
	"subject": subject,
	"key": "keepalive_timeout",
	"message": sprintf("keepalive_timeout is %s; the profile allows %d ms", [concat(" ", setting.args), input.profile.parameters.keep_alive]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].keepalive_timeout
	setting.amount.known
	setting.amount.value > input.profile.parameters.keep_alive
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("keepalive_timeout in %s exceeds the %d ms of the profile", [place, input.profile.parameters.keep_alive]),
	"sources": sources,
} if {
	some subject in subjects
	some place, settings in nginx.overrides.keepalive_timeout[subject]
	sources := [s.source | some s in settings; s.amount.known; s.amount.value > input.profile.parameters.keep_alive]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "keepalive_timeout is not known"} if {
	some subject in subjects
	not nginx.settings[subject].keepalive_timeout
}

unsure contains {"subject": subject, "reason": "keepalive_timeout could not be read as a time"} if {
	some subject in subjects
	some setting in nginx.settings[subject].keepalive_timeout
	not setting.amount.known
}
