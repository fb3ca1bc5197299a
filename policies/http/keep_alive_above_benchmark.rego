# METADATA
# title: Vendor's keep-alive time is above the benchmark
# description: |-
#   The vendor keeps idle connections for longer than the benchmark allows, so that a desktop need not shake hands anew.
#   Who follows the benchmark decides which of the two holds.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout
# custom:
#   severity: low
#   fix: Lower keepalive_timeout to the benchmark's value where the desktop works with it, or keep the vendor's and accept the deviation.
#   controls: [HTTP-18, CIS-NGX-2.4.3]
#   bad: "keepalive_timeout 20s;"
#   good: "keepalive_timeout 10s;"
package policies.http.keep_alive_above_benchmark

import data.policies.lib.nginx

limit := input.profile.parameters.http.benchmark.keep_alive

subjects contains subject if some subject in nginx.exposed_servers

# What is beyond the vendor's own bound is the finding of another rule.
findings contains {
	"subject": subject,
	"key": "keepalive_timeout",
	"message": sprintf("keepalive_timeout is %s: within the vendor's baseline, above the %d ms of the benchmark", [concat(" ", setting.args), limit]),
	"sources": [setting.source],
	"fix": sprintf("keepalive_timeout %dms;", [limit]),
} if {
	some subject in subjects
	some setting in nginx.settings[subject].keepalive_timeout
	setting.amount.known
	setting.amount.value > limit
	setting.amount.value <= input.profile.parameters.keep_alive
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("keepalive_timeout in %s is above the %d ms of the benchmark", [place, limit]),
	"sources": sources,
	"fix": sprintf("keepalive_timeout %dms;", [limit]),
} if {
	some subject in subjects
	some place, settings in nginx.overrides.keepalive_timeout[subject]
	sources := [s.source | some s in settings; s.amount.known; s.amount.value > limit; s.amount.value <= input.profile.parameters.keep_alive]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "keepalive_timeout is not known"} if {
	some subject in subjects
	count([s | some s in nginx.settings[subject].keepalive_timeout; s.amount.known]) == 0
}

unsure contains {"subject": subject, "reason": "keepalive_timeout is not known"} if {
	some subject in subjects
	not nginx.settings[subject].keepalive_timeout
}
