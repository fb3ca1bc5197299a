# METADATA
# title: Vendor's body size is above the benchmark
# description: |-
#   The vendor takes larger bodies than the benchmark suggests, for logs that desktops send and for reports. Who follows
#   the benchmark decides which of the two holds.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
# custom:
#   severity: low
#   fix: Lower client_max_body_size to the benchmark's value where the desktop works with it, or keep the vendor's and accept the deviation.
#   controls: [HTTP-19, CIS-NGX-5.2.2]
#   bad: "client_max_body_size 15m;"
#   good: "client_max_body_size 100k;"
package policies.http.body_above_benchmark

import data.policies.lib.nginx

limit := input.profile.parameters.http.benchmark.body_bytes

subjects contains subject if some subject in nginx.exposed_servers

# What is beyond the vendor's own bound is the finding of another rule.
findings contains {
	"subject": subject,
	"key": "client_max_body_size",
	"message": sprintf("client_max_body_size is %s: within the vendor's baseline, above the %d bytes of the benchmark", [concat(" ", setting.args), limit]),
	"sources": [setting.source],
	"fix": sprintf("client_max_body_size %d;", [limit]),
} if {
	some subject in subjects
	some setting in nginx.settings[subject].client_max_body_size
	setting.amount.known
	setting.amount.value > limit
	setting.amount.value <= input.profile.parameters.body_bytes
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("client_max_body_size in %s is above the %d bytes of the benchmark", [place, limit]),
	"sources": sources,
	"fix": sprintf("client_max_body_size %d;", [limit]),
} if {
	some subject in subjects
	some place, settings in nginx.overrides.client_max_body_size[subject]
	sources := [s.source | some s in settings; s.amount.known; s.amount.value > limit; s.amount.value <= input.profile.parameters.body_bytes]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "client_max_body_size is not known"} if {
	some subject in subjects
	count([s | some s in nginx.settings[subject].client_max_body_size; s.amount.known]) == 0
}

unsure contains {"subject": subject, "reason": "client_max_body_size is not known"} if {
	some subject in subjects
	not nginx.settings[subject].client_max_body_size
}
