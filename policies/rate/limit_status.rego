# METADATA
# title: Limited clients get another status than the desktop expects
# description: |-
#   The desktop waits and asks again after 429, and tells its agent of 503. By default nginx answers 503 to both, and
#   the desktop takes a busy client for a broken node.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req_status
# custom:
#   severity: low
#   fix: Set limit_req_status 429 and limit_conn_status 503 in the http block.
#   controls: [RATE-04]
#   bad: limit_req_status 503;
#   good: limit_req_status 429;
package policies.rate.limit_status

import data.policies.lib.forwarding

# Behind another server of the gate, the status is that one's.
judged contains r if {
	some r in forwarding.passages
	r.server in forwarding.fronts
}

subjects contains r.server if some r in judged

wanted := {"limit_req_status": input.profile.parameters.gate.rate_status, "limit_conn_status": input.profile.parameters.gate.connection_status}

different[[r.server, name, s.amount.value]] contains s.source if {
	some r in judged
	some name, status in wanted
	some s in forwarding.effective(r.at, r.server, name)
	s.amount.known
	s.amount.value != status
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %d", [id[1], id[2]]),
	"message": sprintf("%s is %d, not %d", [id[1], id[2], wanted[id[1]]]),
	"fix": sprintf("%s %d;", [id[1], wanted[id[1]]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in different
}

unsure contains {"subject": r.server, "reason": sprintf("%s of %s is not known", [name, r.place])} if {
	some r in judged
	some name, _ in wanted
	not tells(r.at, r.server, name)
}

tells(at, server, name) if {
	some s in forwarding.effective(at, server, name)
	s.amount.known
}
