# METADATA
# title: Access log leaves out what an investigation needs
# description: |-
#   A line that does not tell client, host, upstream, user, status and tracking id cannot be joined with the logs of the
#   nodes. The vendor's support asks for exactly these.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
# custom:
#   severity: low
#   fix: Add a variable for each missing field to the log_format in use.
#   controls: [LOG-04, CIS-NGX-3.1]
#   bad: "log_format gate '$remote_addr $request $status';"
#   good: "log_format gate '$remote_addr $host $upstream_addr $remote_user $status $request_id';"
package policies.log.format_incomplete

import data.policies.lib.logs

subjects contains target if some target, _ in logs.in_use

findings contains {
	"subject": target,
	"key": sprintf("%s %s", [format, field.field]),
	"message": sprintf("the access log format %s does not tell the %s", [format, field.field]),
	"sources": logs.sources_of(target, format),
	"fix": sprintf("Add $%s to log_format %s.", [field.variables[0], format]),
} if {
	some target, formats in logs.variables
	some format, variables in formats
	some field in input.profile.parameters.http.log_fields
	count({v | some v in field.variables} & variables) == 0
}

unsure contains {"subject": target, "reason": sprintf("the access log format %s is written nowhere", [format])} if {
	some target, formats in logs.in_use
	some format, _ in formats
	not logs.variables[target][format]
}
