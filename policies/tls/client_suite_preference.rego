# METADATA
# title: Client decides the cipher suite
# description: |-
#   nginx then takes the first suite of the client's list that it knows, so the weakest common one can win.
#   With the server's own order the strongest common one does.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_prefer_server_ciphers
# custom:
#   severity: low
#   fix: Set ssl_prefer_server_ciphers on in the http block.
#   controls: [TLS-04]
#   bad: "ssl_prefer_server_ciphers off;"
#   good: "ssl_prefer_server_ciphers on;"
package policies.tls.client_suite_preference

import data.policies.lib.conf_commands
import data.policies.lib.nginx

subjects contains subject if some subject in nginx.tls_servers

findings contains {
	"subject": subject,
	"key": "ssl_prefer_server_ciphers",
	"message": sprintf("ssl_prefer_server_ciphers is %s", [concat(" ", setting.args)]),
	"sources": [setting.source],
} if {
	some subject in subjects
	not conf_commands.overriding.preference[subject]
	some setting in nginx.settings[subject].ssl_prefer_server_ciphers
	setting.origin != "unresolved"
	not "on" in setting.args
}

unsure contains {"subject": subject, "reason": "ssl_prefer_server_ciphers is not known"} if {
	some subject in subjects
	count([s | some s in nginx.settings[subject].ssl_prefer_server_ciphers; s.origin != "unresolved"]) == 0
}

unsure contains {"subject": subject, "reason": "ssl_prefer_server_ciphers is not known"} if {
	some subject in subjects
	not nginx.settings[subject].ssl_prefer_server_ciphers
}

unsure contains {"subject": subject, "reason": conf_commands.reason("ssl_prefer_server_ciphers", names)} if {
	some subject in subjects
	names := conf_commands.overriding.preference[subject]
}
