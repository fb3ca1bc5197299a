# METADATA
# title: Phone agent pages answer at the gate
# description: |-
#   The pages for IP phones authenticate in ways that are not made for the internet, and the vendor does not support
#   them through the gate. An open path is surface without use.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [HTTP-06]
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /fippa/ gets an answer from behind the gate"
#   good: "location ^~ /fippa { return 403; }"
package policies.http.phone_agent_answers

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
	some o in answers.opened["HTTP-06"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["HTTP-06"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["HTTP-06"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["HTTP-06"]
}
