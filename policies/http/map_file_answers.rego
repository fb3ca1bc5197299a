# METADATA
# title: Map file answers at the gate
# description: |-
#   The map lists the internal name and port of every node, which is what an attacker behind the gate needs first. It is
#   served to the nodes, from the LAN or on the internal interface only.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: Refuse the path in every server of the edge before anything is forwarded.
#   controls: [HTTP-22]
#   vantage: internet
#   bad: "location / { proxy_pass https://finesse_a; }   # GET /proxymap.txt gets an answer from behind the gate"
#   good: "location ^~ /proxymap.txt { return 403; }"
package policies.http.map_file_answers

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
	some o in answers.opened["HTTP-22"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in answers.undecided["HTTP-22"][subject]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not subject in answers.asked_of["HTTP-22"]
}

unsure contains {"subject": subject, "reason": "the path was not asked for"} if {
	some subject in subjects
	not answers.asked_of["HTTP-22"]
}
