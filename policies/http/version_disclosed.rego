# METADATA
# title: Server tells its version
# description: |-
#   Error pages and the Server header then name the exact release, which tells an attacker which published faults
#   to try. Nothing at the gate needs it.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens
# custom:
#   severity: low
#   fix: Set server_tokens off in the http block.
#   controls: [HTTP-16, CIS-NGX-2.5.1]
#   bad: "server_tokens on;"
#   good: "server_tokens off;"
package policies.http.version_disclosed

import data.policies.lib.nginx

subjects contains subject if some subject in nginx.exposed_servers

findings contains {
	"subject": subject,
	"key": "server_tokens",
	"message": sprintf("server_tokens is %s", [concat(" ", setting.args)]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].server_tokens
	discloses(setting.origin, setting.has_variables, setting.args)
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("server_tokens is on in %s", [place]),
	"sources": sources,
} if {
	some subject in subjects
	some place, settings in nginx.overrides.server_tokens[subject]
	sources := [s.source | some s in settings; discloses("explicit", s.has_variables, s.args)]
	count(sources) > 0
}

discloses(origin, false, args) if {
	origin != "unresolved"
	args[0] in {"on", "build"}
}

unsure contains {"subject": subject, "reason": "server_tokens is not known"} if {
	some subject in subjects
	not nginx.settings[subject].server_tokens
}

unsure contains {"subject": subject, "reason": "server_tokens is computed for each request"} if {
	some subject in subjects
	some setting in nginx.settings[subject].server_tokens
	setting.has_variables
}
