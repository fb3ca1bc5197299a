# METADATA
# title: Vendor's header buffers are above the benchmark
# description: |-
#   Tokens in the desktop's requests need longer lines than the benchmark's buffers hold. Who follows the benchmark
#   decides which of the two holds.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers
# custom:
#   severity: low
#   fix: Lower large_client_header_buffers to the benchmark's value where the desktop works with it, or accept the deviation.
#   controls: [HTTP-19, CIS-NGX-5.2.3]
#   bad: "large_client_header_buffers 2 8k;"
#   good: "large_client_header_buffers 2 1k;"
package policies.http.header_buffers_above_benchmark

import data.policies.lib.amounts
import data.policies.lib.nginx

vendor := input.profile.parameters.http

limits := vendor.benchmark

subjects contains subject if some subject in nginx.exposed_servers

large[subject] contains {"count": to_number(setting.args[0]), "bytes": amounts.bytes(setting.args[1]), "text": concat(" ", setting.args), "source": setting.source} if {
	some subject in subjects
	some setting in nginx.settings[subject].large_client_header_buffers
	count(setting.args) == 2
	regex.match(`^\d{1,9}$`, setting.args[0])
}

buffers := large

above(number, _) if number > limits.large_header_buffers

above(_, bytes) if bytes > limits.large_header_buffer_bytes

# What is beyond the vendor's own bound is the finding of another rule.
findings contains {
	"subject": subject,
	"key": "large_client_header_buffers",
	"message": sprintf("large_client_header_buffers is %s; the benchmark suggests %d of %d bytes", [b.text, limits.large_header_buffers, limits.large_header_buffer_bytes]),
	"sources": [b.source],
	"fix": sprintf("large_client_header_buffers %d %d;", [limits.large_header_buffers, limits.large_header_buffer_bytes]),
} if {
	some subject in subjects
	some b in buffers[subject]
	above(b.count, b.bytes)
	b.count <= vendor.large_header_buffers
	b.bytes <= vendor.large_header_buffer_bytes
}

unsure contains {"subject": subject, "reason": "large_client_header_buffers is not known"} if {
	some subject in subjects
	not buffers[subject]
}
