# METADATA
# title: Answer with a cookie may be stored
# description: |-
#   A cache on the way, or the gate's own, may hand it to the next user together with the session that it sets. An answer
#   that sets a cookie belongs to one user and has to say so.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
# custom:
#   severity: medium
#   fix: Send Cache-Control no-store or private with answers that set a cookie.
#   controls: [HTTP-26]
#   bad: 'Set-Cookie: ... with Cache-Control: public, max-age=3600'
#   good: 'Cache-Control: no-store'
package policies.http.personal_answer_cacheable

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

storable[answer.listener] contains answer.path if {
	some answer in answers.own
	count(answer.cookies) > 0
	answer.whole_head
	not guarded(answer.headers.cache_control)
}

guarded(value) if {
	some part in split(lower(value), ",")
	regex.match(`^(no-store|private|no-cache)$`, trim_space(part))
}

findings contains {
	"subject": subject,
	"key": "cookie",
	"message": sprintf("%s sets a cookie with the answer to %s, which a cache may store", [answers.listeners[subject].name, min(paths)]),
	"sources": [answers.listeners[subject].source],
	"fix": "add_header Cache-Control no-store always;",
} if {
	some subject, paths in storable
}

unsure contains {"subject": answer.listener, "reason": sprintf("the head of the answer to %s holds lines that are no fields", [answer.path])} if {
	some answer in answers.own
	count(answer.cookies) > 0
	not answer.whole_head
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
