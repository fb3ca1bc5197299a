# METADATA
# title: Logs stay on the edge
# description: |-
#   Whoever takes over the edge can rewrite the only record of how. A copy on another machine, sent as it is written, is
#   out of reach.
# related_resources:
# - ref: https://nginx.org/en/docs/syslog.html
# custom:
#   severity: medium
#   fix: Turn on the installer's log shipping, or write the logs to the host's log daemon, which forwards them.
#   controls: [LOG-02, CIS-NGX-3.5, CIS-NGX-3.6]
#   optional: [env, host]
#   bad: "NGX_LIVE_LOG_SHIPPING_ENABLED=false   # and access_log logs/access.log gate;"
#   good: "NGX_LIVE_LOG_SHIPPING_ENABLED=true"
package policies.log.logs_stay_on_host

import data.policies.lib.env
import data.policies.lib.logs

subjects contains target if some target in logs.edges

shipping contains target if {
	some target in subjects
	some p in env.properties[target].NGX_LIVE_LOG_SHIPPING_ENABLED
	p.switch.known
	p.switch.value
}

# A daemon that forwards may read the files of nginx: whether it does so safely is
# the matter of another rule.
shipping contains record.target if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
}

sent contains [a.edge, "access_log"] if {
	some a in logs.access
	logs.syslog_host(a.path)
}

sent contains [e.edge, "error_log"] if {
	some e in logs.errors
	logs.syslog_host(e.path)
}

kept contains [target, directive] if {
	some target in subjects
	some directive in {"access_log", "error_log"}
	not [target, directive] in sent
	not target in shipping
}

evidence_of(target) := [p.source | some p in env.properties[target].NGX_LIVE_LOG_SHIPPING_ENABLED]

evidence_of(target) := [] if not env.properties[target].NGX_LIVE_LOG_SHIPPING_ENABLED

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is written to files of the edge only, and nothing ships them", [id[1]]),
	"sources": array.concat(evidence_of(id[0]), [logs.record_sources[id[0]]]),
	"fix": sprintf("NGX_LIVE_LOG_SHIPPING_ENABLED=true, or %s syslog:server=unix:/dev/log;", [id[1]]),
} if {
	some id in kept
	not open_question(id[0])
}

# Declared installer files of which nothing is known may turn shipping on.
open_question(target) if {
	some unread in env.unread
	unread.subject == target
}

open_question(target) if env.untold[target].NGX_LIVE_LOG_SHIPPING_ENABLED

# So may a log daemon whose files were captured and not understood.
open_question(target) if {
	some record in input.host
	record.target == target
	some part in record.parts
	part.name == "log_forwarding"
	part.source.artifact != ""
	not part.complete
}

unsure contains {"subject": id[0], "reason": sprintf("%s goes to files, and whether anything ships them is not known", [id[1]])} if {
	some id in kept
	open_question(id[0])
}
