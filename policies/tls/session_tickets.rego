# METADATA
# title: Session tickets are on
# description: |-
#   nginx keeps the key of its tickets for as long as it runs, so that one leaked key opens all sessions since
#   the last start. Resumption from a shared cache gives the same speed without it.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_tickets
# - ref: https://www.rfc-editor.org/rfc/rfc5077
# custom:
#   severity: medium
#   fix: Set ssl_session_tickets off in the http block.
#   controls: [TLS-06, CIS-NGX-4.1.12]
#   bad: "ssl_session_tickets on;"
#   good: "ssl_session_tickets off;"
package policies.tls.session_tickets

import data.policies.lib.conf_commands
import data.policies.lib.nginx

subjects contains subject if some subject in nginx.tls_servers

findings contains {
	"subject": subject,
	"key": "ssl_session_tickets",
	"message": sprintf("ssl_session_tickets is %s", [concat(" ", setting.args)]),
	"sources": [setting.source],
} if {
	some subject in subjects
	not conf_commands.overriding.tickets[subject]
	some setting in nginx.settings[subject].ssl_session_tickets
	setting.origin != "unresolved"
	not "off" in setting.args
}

unsure contains {"subject": subject, "reason": "ssl_session_tickets is not known"} if {
	some subject in subjects
	not nginx.settings[subject].ssl_session_tickets
}

unsure contains {"subject": subject, "reason": "ssl_session_tickets is not known"} if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_session_tickets
	setting.origin == "unresolved"
}

unsure contains {"subject": subject, "reason": conf_commands.reason("ssl_session_tickets", names)} if {
	some subject in subjects
	names := conf_commands.overriding.tickets[subject]
}
