# METADATA
# title: Forwarded requests are not logged
# description: |-
#   Who asked for what, and which node answered, stands nowhere else once a client's address has been translated. After an
#   incident that record is the only one.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_log_module.html#access_log
# custom:
#   severity: medium
#   fix: Remove access_log off where requests are forwarded.
#   controls: [LOG-01, CIS-NGX-3.2]
#   bad: "location /desktop/ { access_log off; proxy_pass https://finesse_a; }"
#   good: "access_log logs/access.log gate;"
package policies.log.access_log_off

import data.policies.lib.hops
import data.policies.lib.logs
import data.policies.lib.places

# What comes through another server of the gate is logged there.
judged contains l if {
	some l in places.forwarding
	not l.server in hops.inner
}

subjects contains l.server if some l in judged

findings contains {
	"subject": a.server,
	"key": a.place,
	"message": sprintf("requests to %s are forwarded and not logged", [a.place]),
	"sources": [a.source],
	"fix": sprintf("In %s: access_log logs/access.log gate;", [a.place]),
} if {
	some a in logs.access
	a.server in subjects
	a.path in {"off", "/dev/null"}
}

unsure contains {"subject": a.server, "reason": sprintf("whether a request to %s is logged depends on %s", [a.place, parameter])} if {
	some a in logs.access
	a.server in subjects
	some parameter in a.parameters
	startswith(parameter, "if=")
}

logged contains [a.server, a.place] if some a in logs.access

unsure contains {"subject": l.server, "reason": sprintf("the access log of %s is not known; nginx's default holds", [l.place])} if {
	some l in judged
	not [l.server, l.place] in logged
}
