# METADATA
# title: Pages can be framed by anybody
# description: |-
#   A foreign page that frames the desktop can lead an agent's clicks where it likes. A list of allowed frame ancestors
#   stops it; DENY in X-Frame-Options would also stop the embedding that some sites need.
# related_resources:
# - ref: https://www.w3.org/TR/CSP3/#directive-frame-ancestors
# custom:
#   severity: medium
#   fix: Send Content-Security-Policy with frame-ancestors that name the embedding sites.
#   controls: [HTTP-27, CIS-NGX-5.3.1, CIS-NGX-5.3.3]
#   bad: '(neither frame-ancestors nor X-Frame-Options)'
#   good: 'Content-Security-Policy: frame-ancestors https://crm.example'
package policies.http.framing_unrestricted

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

# Only what a browser shows can be framed: redirects and refusals without a
# page of their own are left out.
lacking contains answer if {
	some answer in answers.own
	answer.method == "GET"
	answer.status != 0
	not answer.status in {204, 301, 302, 303, 304, 307, 308}
	not restricts(answer.headers.content_security_policy)
	not lower(answer.headers.frame_options) in {"deny", "sameorigin"}
}

restricts(policy) if {
	some directive in split(lower(policy), ";")
	words := regex.split(`\s+`, trim_space(directive))
	words[0] == "frame-ancestors"
	count({"*", "http:", "https:"} & {word | some word in words}) == 0
}

findings contains {
	"subject": subject,
	"key": "missing",
	"message": sprintf("%s sends no limit of frame ancestors with %d answer(s), such as that to %s", [answers.listeners[subject].name, count(paths), min(paths)]),
	"sources": [answers.listeners[subject].source],
	"fix": "add_header Content-Security-Policy \"frame-ancestors 'self'\" always;",
} if {
	some subject in subjects
	paths := {answer.path | some answer in lacking; answer.listener == subject; answer.whole_head}
	count(paths) > 0
}

unsure contains {"subject": answer.listener, "reason": sprintf("the head of the answer to %s holds lines that are no fields", [answer.path])} if {
	some answer in lacking
	not answer.whole_head
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
