# METADATA
# title: Request heads may be too large
# description: |-
#   Each connection may claim these buffers before it has proved anything, so that few clients can hold much memory. The
#   desktop's longest cookies and tokens fit into the profile's sizes.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers
# custom:
#   severity: low
#   fix: Set client_header_buffer_size and large_client_header_buffers to at most the profile's sizes.
#   controls: [HTTP-19, CIS-NGX-5.2.3]
#   bad: "large_client_header_buffers 8 64k;"
#   good: "large_client_header_buffers 2 8k;"
package policies.http.header_buffers_too_large

import data.policies.lib.amounts
import data.policies.lib.nginx

limits := input.profile.parameters.http

subjects contains subject if some subject in nginx.exposed_servers

findings contains {
	"subject": subject,
	"key": "client_header_buffer_size",
	"message": sprintf("client_header_buffer_size is %s; the profile allows %d bytes", [concat(" ", setting.args), limits.header_buffer_bytes]),
	"sources": [setting.source],
	"fix": sprintf("client_header_buffer_size %d;", [limits.header_buffer_bytes]),
} if {
	some subject in subjects
	some setting in nginx.settings[subject].client_header_buffer_size
	setting.amount.known
	setting.amount.value > limits.header_buffer_bytes
}

large[subject] contains {"count": to_number(setting.args[0]), "bytes": amounts.bytes(setting.args[1]), "text": concat(" ", setting.args), "source": setting.source} if {
	some subject in subjects
	some setting in nginx.settings[subject].large_client_header_buffers
	count(setting.args) == 2
	regex.match(`^\d{1,9}$`, setting.args[0])
}

buffers := large

too_many(number, _) if number > limits.large_header_buffers

too_many(_, bytes) if bytes > limits.large_header_buffer_bytes

findings contains {
	"subject": subject,
	"key": "large_client_header_buffers",
	"message": sprintf("large_client_header_buffers is %s; the profile allows %d of %d bytes", [b.text, limits.large_header_buffers, limits.large_header_buffer_bytes]),
	"sources": [b.source],
	"fix": sprintf("large_client_header_buffers %d %d;", [limits.large_header_buffers, limits.large_header_buffer_bytes]),
} if {
	some subject in subjects
	some b in buffers[subject]
	too_many(b.count, b.bytes)
}

unsure contains {"subject": subject, "reason": "large_client_header_buffers is not known"} if {
	some subject in subjects
	not buffers[subject]
}

unsure contains {"subject": subject, "reason": "client_header_buffer_size is not known"} if {
	some subject in subjects
	not nginx.settings[subject].client_header_buffer_size
}

unsure contains {"subject": subject, "reason": "client_header_buffer_size could not be read as a size"} if {
	some subject in subjects
	some setting in nginx.settings[subject].client_header_buffer_size
	not setting.amount.known
}
