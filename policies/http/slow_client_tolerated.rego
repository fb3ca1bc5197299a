# METADATA
# title: Slow clients are tolerated too long
# description: |-
#   A client that sends or reads a few bytes now and then holds a connection for as long as nginx waits for it. A
#   few thousand such clients exhaust the gate at almost no cost.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#client_header_timeout
# custom:
#   severity: medium
#   fix: Set client_header_timeout, client_body_timeout and send_timeout to at most the profile's request timeout.
#   controls: [HTTP-17, CIS-NGX-5.2.1, CIS-NGX-2.4.4]
#   bad: "client_header_timeout 60s;"
#   good: "client_header_timeout 10s; client_body_timeout 10s; send_timeout 10s;"
package policies.http.slow_client_tolerated

import data.policies.lib.nginx

names := {"client_header_timeout", "client_body_timeout", "send_timeout"}

subjects contains subject if some subject in nginx.exposed_servers

findings contains {
	"subject": subject,
	"key": name,
	"message": sprintf("%s is %s; the profile allows %d ms", [name, concat(" ", setting.args), input.profile.parameters.request_timeout]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some name in names
	some setting in nginx.settings[subject][name]
	setting.amount.known
	setting.amount.value > input.profile.parameters.request_timeout
}

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [name, place]),
	"message": sprintf("%s in %s exceeds the %d ms of the profile", [name, place, input.profile.parameters.request_timeout]),
	"sources": sources,
} if {
	some subject in subjects
	some name in names
	some place, settings in nginx.overrides[name][subject]
	sources := [s.source | some s in settings; s.amount.known; s.amount.value > input.profile.parameters.request_timeout]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": sprintf("%s is not known", [name])} if {
	some subject in subjects
	some name in names
	not nginx.settings[subject][name]
}

unsure contains {"subject": subject, "reason": sprintf("%s could not be read as a time", [name])} if {
	some subject in subjects
	some name in names
	some setting in nginx.settings[subject][name]
	not setting.amount.known
}
