# METADATA
# title: Administration of the identity service answers at the gate
# description: |-
#   It decides whose assertions are believed, and its test page starts logins without a client. Both are meant for
#   administrators in the LAN.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [HTTP-07]
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /idsadmin gets an answer from behind the gate"
#   good: "location ^~ /idsadmin { return 403; }"
package policies.http.identity_administration_answers

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
	some o in answers.opened["HTTP-07"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["HTTP-07"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["HTTP-07"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["HTTP-07"]
}
