# METADATA
# title: Notices of blocked addresses are sent to nobody
# description: |-
#   That an address was blocked is the first thing that an operator learns of an attack. Sent to the host itself, as
#   delivered, the notice is lost with the container.
# custom:
#   severity: medium
#   fix: Set NGX_SYSLOG_SVR_IP to the address of the log server.
#   controls: [LOG-03]
#   optional: [env]
#   bad: NGX_SYSLOG_SVR_IP="127.0.0.1"
#   good: NGX_SYSLOG_SVR_IP="10.9.0.99"
package policies.env.block_notices_stay_local

import data.policies.lib.env

subjects contains edge if some edge in env.declared

is_local(host) if host in {"localhost", "::1", "0.0.0.0", ""}

is_local(host) if startswith(host, "127.")

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_SYSLOG_SVR_IP", [env.words(p.file)]),
	"message": sprintf("NGX_SYSLOG_SVR_IP in %s is %q, which is the gate itself", [env.words(p.file), p.text]),
	"fix": fix,
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_SYSLOG_SVR_IP
	is_local(lower(trim_space(p.text)))
}

fix := sprintf(`NGX_SYSLOG_SVR_IP="%s"`, [input.site.zones.logs[0]]) if count(input.site.zones.logs) > 0

fix := "Set NGX_SYSLOG_SVR_IP to the address of the log server." if count(input.site.zones.logs) == 0

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_SYSLOG_SVR_IP
}

unsure contains u if some u in env.unread
