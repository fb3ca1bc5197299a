# METADATA
# title: Logs cross the network in clear text
# description: |-
#   nginx sends syslog as plain datagrams: anybody on the way reads the names and addresses of agents, and can add lines of
#   his own. The host's log daemon can forward over TLS instead.
# related_resources:
# - ref: https://nginx.org/en/docs/syslog.html
# - ref: https://www.rfc-editor.org/rfc/rfc5425
# custom:
#   severity: medium
#   fix: Send the logs to the host's own daemon and let it forward them over TLS.
#   controls: [LOG-02]
#   bad: "access_log syslog:server=10.9.0.99:514 gate;"
#   good: "access_log syslog:server=unix:/dev/log gate;"
package policies.log.clear_text_syslog

import data.policies.lib.logs

subjects contains target if some target in logs.edges

remote contains {"edge": a.edge, "directive": "access_log", "host": host, "source": a.source} if {
	some a in logs.access
	host := logs.syslog_host(a.path)
	not logs.local(host)
}

remote contains {"edge": e.edge, "directive": "error_log", "host": host, "source": e.source} if {
	some e in logs.errors
	host := logs.syslog_host(e.path)
	not logs.local(host)
}

places[[r.edge, r.directive, r.host]] contains r.source if some r in remote

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s goes to %s as plain syslog", [id[1], id[2]]),
	"sources": [s | some s in sources],
	"fix": sprintf("%s syslog:server=unix:/dev/log;", [id[1]]),
} if {
	some id, sources in places
}
