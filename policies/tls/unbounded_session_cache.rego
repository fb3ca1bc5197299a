# METADATA
# title: Session cache or its lifetime is unbounded
# description: |-
#   A cache without a size of its own lets strangers fill the memory of each worker, and a session that stays
#   resumable for days keeps its keys in memory as long. Both make the gate easier to exhaust and to rob.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_cache
# - ref: https://www.rfc-editor.org/rfc/rfc5246
# custom:
#   severity: low
#   fix: Use ssl_session_cache shared:SSL:10m and an ssl_session_timeout of at most one day.
#   controls: [TLS-06]
#   bad: "ssl_session_cache builtin;"
#   good: "ssl_session_cache shared:SSL:10m;"
package policies.tls.unbounded_session_cache

import data.policies.lib.nginx

# RFC 5246 advises a day as the longest life of a session.
longest_session := 86400000

subjects contains subject if some subject in nginx.tls_servers

findings contains {
	"subject": subject,
	"key": "ssl_session_cache",
	"message": sprintf("ssl_session_cache %s sets no bound of its own", [arg]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_session_cache
	some arg in setting.args
	regex.match(`^builtin(:0+)?$`, arg)
}

findings contains {
	"subject": subject,
	"key": "ssl_session_timeout",
	"message": sprintf("sessions stay resumable for %s", [concat(" ", setting.args)]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_session_timeout
	setting.amount.known
	setting.amount.value > longest_session
}

unsure contains {"subject": subject, "reason": sprintf("%s is not known", [name])} if {
	some subject in subjects
	some name in {"ssl_session_cache", "ssl_session_timeout"}
	not nginx.settings[subject][name]
}

unsure contains {"subject": subject, "reason": "ssl_session_timeout could not be read"} if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_session_timeout
	not setting.amount.known
}
