# METADATA
# title: Long polling of notifications answers at the gate
# description: |-
#   Each poll holds a connection that the gate neither counts nor authenticates like a WebSocket. The vendor supports
#   only the WebSocket through the gate.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [HTTP-12]
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /http-bind/ gets an answer from behind the gate"
#   good: "location ^~ /http-bind { return 403; }"
package policies.http.long_polling_answers

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

findings contains {
	"subject": subject,
	"key": o.key,
	"message": sprintf("%s answers %s with status %d instead of refusing it", [o.name, o.key, o.status]),
	"sources": [o.source],
	"fix": sprintf("Add to the server of %s: %s", [o.name, answers.closing(o.path)]),
	"witness": o.witness,
} if {
	some subject in subjects
	some o in answers.opened["HTTP-12"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["HTTP-12"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["HTTP-12"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["HTTP-12"]
}
