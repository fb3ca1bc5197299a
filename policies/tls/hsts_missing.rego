# METADATA
# title: Browsers are not told to keep to HTTPS
# description: |-
#   Without the header a browser follows the first plain link that somebody slips in, and from there on the attacker
#   speaks for the gate. One answer with it protects an agent for as long as it says.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6797
# custom:
#   severity: medium
#   fix: Add Strict-Transport-Security with the profile's max-age to every answer, refusals included.
#   controls: [TLS-10, CIS-NGX-4.1.8]
#   bad: 'Strict-Transport-Security: max-age=3600'
#   good: 'Strict-Transport-Security: max-age=31536000; includeSubDomains'
package policies.tls.hsts_missing

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

lacking contains answer if {
	some answer in answers.own
	not answer.headers.hsts.valid
}

short contains answer if {
	some answer in answers.own
	answer.headers.hsts.valid
	answer.headers.hsts.max_age_seconds < input.profile.parameters.http.hsts_seconds
}

fix := sprintf("add_header Strict-Transport-Security \"max-age=%d; includeSubDomains\" always;", [input.profile.parameters.http.preload_seconds])

findings contains {
	"subject": subject,
	"key": "missing",
	"message": sprintf("%s sends no usable Strict-Transport-Security with %d answer(s), such as that to %s", [answers.listeners[subject].name, count(paths), min(paths)]),
	"sources": [answers.listeners[subject].source],
	"fix": fix,
} if {
	some subject in subjects
	paths := {answer.path | some answer in lacking; answer.listener == subject; answer.whole_head}
	count(paths) > 0
}

findings contains {
	"subject": subject,
	"key": "max-age",
	"message": sprintf("%s sends Strict-Transport-Security with a max-age of %d s; the profile asks for %d", [answers.listeners[subject].name, min(ages), input.profile.parameters.http.hsts_seconds]),
	"sources": [answers.listeners[subject].source],
	"fix": fix,
} if {
	some subject in subjects
	ages := {answer.headers.hsts.max_age_seconds | some answer in short; answer.listener == subject}
	count(ages) > 0
}

unsure contains {"subject": answer.listener, "reason": sprintf("the head of the answer to %s holds lines that are no fields", [answer.path])} if {
	some answer in lacking
	not answer.whole_head
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
