# METADATA
# title: Browsers may guess content types
# description: |-
#   A browser that guesses runs a file as script that was meant as text, such as one that a customer sent to an agent.
#   The header makes it believe the declared type.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#x-content-type-options-header
# custom:
#   severity: low
#   fix: Add X-Content-Type-Options nosniff to every answer.
#   controls: [HTTP-27, CIS-NGX-5.3.2]
#   bad: '(no X-Content-Type-Options)'
#   good: 'X-Content-Type-Options: nosniff'
package policies.http.content_type_guessed

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

lacking contains answer if {
	some answer in answers.own
	not answer.headers.no_sniff
}

findings contains {
	"subject": subject,
	"key": "missing",
	"message": sprintf("%s sends no X-Content-Type-Options: nosniff with %d answer(s), such as that to %s", [answers.listeners[subject].name, count(paths), min(paths)]),
	"sources": [answers.listeners[subject].source],
	"fix": "add_header X-Content-Type-Options nosniff always;",
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
