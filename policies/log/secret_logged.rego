# METADATA
# title: Access log holds passwords or tokens
# description: |-
#   Whoever can read the log, or receives it, can then speak as any agent whose request stands in it. Logs are copied to
#   more places and kept for longer than anybody plans.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
# custom:
#   severity: high
#   fix: Remove the variables from the log_format in use.
#   controls: [LOG-04]
#   bad: "log_format gate '$remote_addr $http_authorization';"
#   good: "log_format gate '$remote_addr $remote_user';"
package policies.log.secret_logged

import data.policies.lib.logs

subjects contains target if some target, _ in logs.in_use

secret(variable) if {
	some pattern in input.profile.parameters.http.log_secrets
	glob.match(pattern, [], lower(variable))
}

findings contains {
	"subject": target,
	"key": sprintf("%s %s", [format, variable]),
	"message": sprintf("the access log format %s writes $%s", [format, variable]),
	"sources": logs.sources_of(target, format),
	"fix": sprintf("Remove $%s from log_format %s.", [variable, format]),
} if {
	some target, formats in logs.variables
	some format, variables in formats
	some variable in variables
	secret(variable)
}

unsure contains {"subject": target, "reason": sprintf("the access log format %s is written nowhere", [format])} if {
	some target, formats in logs.in_use
	some format, _ in formats
	not logs.variables[target][format]
}
