# METADATA
# title: OCSP answers are stapled without verification
# description: |-
#   nginx then passes on whatever a responder, or someone on the way to it, has answered. A wrong answer makes
#   browsers refuse the gate until it expires.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling_verify
# - ref: https://www.rfc-editor.org/rfc/rfc6066#section-8
# custom:
#   severity: medium
#   fix: Set ssl_stapling_verify on and name the issuer's chain in ssl_trusted_certificate, or turn stapling off.
#   controls: [TLS-07, CIS-NGX-4.1.7]
#   bad: "ssl_stapling on; ssl_stapling_verify off;"
#   good: "ssl_stapling on; ssl_stapling_verify on;"
package policies.tls.stapling_without_verification

import data.policies.lib.nginx

# Only servers that staple can do it wrong.
stapling contains subject if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_stapling
	setting.args[0] == "on"
}

undecided contains subject if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_stapling
	setting.origin == "unresolved"
}

undecided contains subject if {
	some subject in nginx.tls_servers
	not nginx.settings[subject].ssl_stapling
}

subjects contains subject if some subject in nginx.tls_servers

findings contains {
	"subject": subject,
	"key": "ssl_stapling_verify",
	"message": "ssl_stapling is on and ssl_stapling_verify is off",
	"sources": [s | some s in {verify.source, staple.source}],
} if {
	some subject in stapling
	some staple in nginx.settings[subject].ssl_stapling
	some verify in nginx.settings[subject].ssl_stapling_verify
	verify.origin != "unresolved"
	not "on" in verify.args
}

unsure contains {"subject": subject, "reason": "ssl_stapling is not known"} if some subject in undecided

unsure contains {"subject": subject, "reason": "ssl_stapling_verify is not known"} if {
	some subject in stapling
	not nginx.settings[subject].ssl_stapling_verify
}
