# METADATA
# title: Error log says too little or too much
# description: |-
#   Refused clients, exceeded limits and failed handshakes are logged at the lower levels, and a log without them hides an
#   attack. Debug, on the other side, writes passwords and tokens of agents into a file.
# related_resources:
# - ref: https://nginx.org/en/docs/ngx_core_module.html#error_log
# custom:
#   severity: medium
#   fix: Set error_log with a level that the profile accepts in the main block and remove others.
#   controls: [LOG-01, CIS-NGX-3.3]
#   bad: "error_log logs/error.log debug;"
#   good: "error_log logs/error.log info;"
package policies.log.error_log_level

import data.policies.lib.logs

subjects contains target if some target in logs.edges

accepted := {level | some level in input.profile.parameters.http.error_log_levels}

verbose := {"debug", "debug_core", "debug_alloc", "debug_http", "debug_event", "debug_mutex", "debug_mail", "debug_stream"}

# heard: the blocks with a log that says enough. A second one beside it may be for
# one kind of line only, such as blocked clients.
heard contains [e.edge, e.block] if {
	some e in logs.errors
	e.path != "/dev/null"
	e.level in accepted
}

unfit(_, _, level) if level in verbose

unfit(edge, block, level) if {
	not level in accepted
	not [edge, block] in heard
}

findings contains {
	"subject": e.edge,
	"key": sprintf("%s %s", [e.path, e.level]),
	"message": sprintf("error_log %s writes at level %s; the profile accepts %s", [e.path, e.level, concat(", ", input.profile.parameters.http.error_log_levels)]),
	"sources": [e.source],
	"fix": sprintf("error_log %s %s;", [e.path, input.profile.parameters.http.error_log_levels[0]]),
} if {
	some e in logs.errors
	e.path != "/dev/null"
	unfit(e.edge, e.block, e.level)
}

findings contains {
	"subject": e.edge,
	"key": "null",
	"message": "error_log throws everything away",
	"sources": [e.source],
	"fix": sprintf("error_log logs/error.log %s;", [input.profile.parameters.http.error_log_levels[0]]),
} if {
	some e in logs.errors
	e.path == "/dev/null"
}

logging contains e.edge if some e in logs.errors

findings contains {
	"subject": target,
	"key": "default",
	"message": "no error_log is written, and the default level error is not enough for the profile",
	"sources": [logs.record_sources[target]],
	"fix": sprintf("error_log logs/error.log %s;", [input.profile.parameters.http.error_log_levels[0]]),
} if {
	some target in subjects
	not target in logging
	not "error" in accepted
}
