# METADATA
# title: Answers name software and its version
# description: |-
#   The Server and X-Powered-By fields, and error pages, then tell which published faults to try. Nothing that a desktop
#   does needs them.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4
# custom:
#   severity: low
#   fix: Set server_tokens off, hide X-Powered-By, and do not pass on the Server field of upstreams.
#   controls: [HTTP-16, CIS-NGX-2.5.1, CIS-NGX-2.5.4]
#   bad: 'Server: nginx/1.22.1'
#   good: 'Server: nginx'
package policies.http.software_named

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

telling[[answer.listener, text]] contains answer.path if {
	some answer in answers.own
	answer.headers.server_version
	text := sprintf("a version (Server: %s)", [answer.headers.server])
}

telling[[answer.listener, text]] contains answer.path if {
	some answer in answers.own
	answer.headers.powered_by != ""
	text := sprintf("X-Powered-By: %s", [answer.headers.powered_by])
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s tells %s, as in the answer to %s", [answers.listeners[id[0]].name, id[1], min(paths)]),
	"sources": [answers.listeners[id[0]].source],
	"fix": "server_tokens off; proxy_hide_header X-Powered-By;",
} if {
	some id, paths in telling
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
