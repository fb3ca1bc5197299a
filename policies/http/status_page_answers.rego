# METADATA
# title: Status page answers at the gate
# description: |-
#   It tells strangers how busy the gate is, and so how well their attack works. Monitoring reads it over loopback.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [HTTP-23, CIS-NGX-5.1.1]
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /reverseproxy_status gets an answer from behind the gate"
#   good: "location ^~ /reverseproxy_status { return 403; }"
package policies.http.status_page_answers

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
	some o in answers.opened["HTTP-23"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["HTTP-23"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["HTTP-23"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["HTTP-23"]
}
