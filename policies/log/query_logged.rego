# METADATA
# title: Access log holds the queries of requests
# description: |-
#   The query of a sign-on holds the code that a session is made from, and gadgets put tokens there. Whoever can read
#   the log, or receives it, may use them for as long as they live.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
# custom:
#   severity: low
#   fix: Write "$request_method $uri" in place of the variables that hold the query.
#   controls: [LOG-04]
#   bad: "log_format gate '$remote_addr $request';"
#   good: "log_format gate '$remote_addr $request_method $uri';"
package policies.log.query_logged

import data.policies.lib.logs

subjects contains target if some target, _ in logs.in_use

findings contains {
	"subject": target,
	"key": sprintf("%s %s", [format, variable]),
	"message": sprintf("the access log format %s writes $%s, which holds %s", [format, variable, holds(variable)]),
	"sources": logs.sources_of(target, format),
	"fix": fix(format, variable),
} if {
	some target, formats in logs.variables
	some format, variables in formats
	some variable in variables
	variable in input.profile.parameters.http.log_addresses
}

holds("http_referer") := "the query of the page that a request came from"

holds(variable) := "the query" if variable != "http_referer"

fix(format, "http_referer") := sprintf("Remove $http_referer from log_format %s, or write what a map leaves of it without its query.", [format])

fix(format, variable) := sprintf("Write \"$request_method $uri\" in place of $%s in log_format %s.", [variable, format]) if variable != "http_referer"

unsure contains {"subject": target, "reason": sprintf("the access log format %s is written nowhere", [format])} if {
	some target, formats in logs.in_use
	some format, _ in formats
	not logs.variables[target][format]
}
