# METADATA
# title: Anonymous user-mode interface answers at the gate
# description: |-
#   It tells anybody who asks whether an account exists and how it logs in. It stays closed unless a client is known to
#   need it.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [AUTH-12]
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /finesse/api/UserAuthMode/ gets an answer from behind the gate"
#   good: "location ^~ /finesse/api/UserAuthMode { return 403; }"
package policies.http.user_mode_answers

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
	some o in answers.opened["AUTH-12"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["AUTH-12"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["AUTH-12"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["AUTH-12"]
}
