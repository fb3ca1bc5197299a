# METADATA
# title: Addresses of the desktop leak to other sites
# description: |-
#   A browser tells each linked site the address of the page that it came from, and desktop addresses name internal
#   hosts, agents and sessions. The header keeps them back.
# related_resources:
# - ref: https://www.w3.org/TR/referrer-policy/
# custom:
#   severity: low
#   fix: Add Referrer-Policy strict-origin-when-cross-origin, or a stricter one, to every answer.
#   controls: [HTTP-27, CIS-NGX-5.3.4]
#   bad: 'Referrer-Policy: unsafe-url'
#   good: 'Referrer-Policy: strict-origin-when-cross-origin'
package policies.http.referrer_policy_missing

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

careful := {"no-referrer", "same-origin", "strict-origin", "origin", "strict-origin-when-cross-origin", "origin-when-cross-origin"}

lacking contains answer if {
	some answer in answers.own
	not sound(answer.headers.referrer_policy)
}

words := {"no-referrer-when-downgrade", "unsafe-url"}

# Of several policies the last one that the browser knows counts.
sound(value) if {
	known := [word | some part in split(lower(value), ","); word := trim_space(part); word in (careful | words)]
	known[count(known) - 1] in careful
}

findings contains {
	"subject": subject,
	"key": "missing",
	"message": sprintf("%s sends no careful Referrer-Policy with %d answer(s), such as that to %s", [answers.listeners[subject].name, count(paths), min(paths)]),
	"sources": [answers.listeners[subject].source],
	"fix": "add_header Referrer-Policy strict-origin-when-cross-origin always;",
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
