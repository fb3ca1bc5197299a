# METADATA
# title: OCSP answers are not stapled
# description: |-
#   Without a stapled answer a browser asks the responder itself, or does not ask at all, so that a revoked certificate
#   stays in use. The vendor leaves stapling off because the edge has no way to a responder; a benchmark may want it on.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling
# - ref: https://www.rfc-editor.org/rfc/rfc6066#section-8
# custom:
#   severity: low
#   fix: Set ssl_stapling and ssl_stapling_verify on, with ssl_stapling_file where the edge may not reach the responder.
#   controls: [TLS-07, CIS-NGX-4.1.7]
#   bad: "ssl_stapling off;"
#   good: "ssl_stapling on; ssl_stapling_verify on; ssl_stapling_file ssl/desk-a.ocsp;"
package policies.tls.stapling_off

import data.policies.lib.nginx

# A server that rejects every handshake has nothing to staple to.
subjects contains subject if {
	some subject in nginx.tls_servers
	not rejecting(subject)
}

rejecting(subject) if {
	some setting in nginx.settings[subject].ssl_reject_handshake
	setting.args[0] == "on"
}

findings contains {
	"subject": subject,
	"key": "ssl_stapling",
	"message": "ssl_stapling is off, and the chosen baseline asks for stapled answers",
	"sources": [setting.source],
	"fix": "ssl_stapling on; ssl_stapling_verify on;",
} if {
	input.profile.parameters.http.benchmark.stapling
	some subject in subjects
	some setting in nginx.settings[subject].ssl_stapling
	setting.origin != "unresolved"
	setting.args[0] != "on"
}

unsure contains {"subject": subject, "reason": "ssl_stapling is not known"} if {
	input.profile.parameters.http.benchmark.stapling
	some subject in subjects
	not nginx.settings[subject].ssl_stapling
}

unsure contains {"subject": subject, "reason": "ssl_stapling is not known"} if {
	input.profile.parameters.http.benchmark.stapling
	some subject in subjects
	some setting in nginx.settings[subject].ssl_stapling
	setting.origin == "unresolved"
}
