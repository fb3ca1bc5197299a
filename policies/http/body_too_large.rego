# METADATA
# title: Request bodies may be too large
# description: |-
#   nginx buffers a body before it forwards it, so a large limit lets strangers fill the disk of the gate. Nothing
#   that an agent sends comes near the profile's bound.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
# custom:
#   severity: medium
#   fix: Set client_max_body_size to at most the profile's body_bytes; 0 means no limit at all.
#   controls: [HTTP-19, CIS-NGX-5.2.2]
#   bad: "client_max_body_size 0;"
#   good: "client_max_body_size 15m;"
package policies.http.body_too_large

import data.policies.lib.nginx

subjects contains subject if some subject in nginx.exposed_servers

too_large(bytes, limit) if bytes > limit

too_large(0, _)

findings contains {
	"subject": subject,
	"key": "client_max_body_size",
	"message": sprintf("client_max_body_size is %s; the profile allows %d bytes", [concat(" ", setting.args), input.profile.parameters.body_bytes]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].client_max_body_size
	setting.amount.known
	too_large(setting.amount.value, input.profile.parameters.body_bytes)
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("client_max_body_size in %s exceeds the %d bytes of the profile", [place, input.profile.parameters.body_bytes]),
	"sources": sources,
} if {
	some subject in subjects
	some place, settings in nginx.overrides.client_max_body_size[subject]
	sources := [s.source | some s in settings; s.amount.known; too_large(s.amount.value, input.profile.parameters.body_bytes)]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "client_max_body_size is not known"} if {
	some subject in subjects
	not nginx.settings[subject].client_max_body_size
}

unsure contains {"subject": subject, "reason": "client_max_body_size could not be read as a size"} if {
	some subject in subjects
	some setting in nginx.settings[subject].client_max_body_size
	not setting.amount.known
}
