# METADATA
# title: Preload is asked for without what it demands
# description: |-
#   Browsers take a domain into their lists only with a long max-age that holds for all names below it. A header that
#   asks for less is refused, and nobody notices that the protection is missing.
# related_resources:
# - ref: https://hstspreload.org/
# - ref: https://www.rfc-editor.org/rfc/rfc6797
# custom:
#   severity: low
#   fix: Send max-age of a year and includeSubDomains together with preload, or leave preload out.
#   controls: [CIS-NGX-4.1.11]
#   bad: 'max-age=15768000; preload'
#   good: 'max-age=31536000; includeSubDomains; preload'
package policies.tls.preload_unfit

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

unfit contains answer.listener if {
	some answer in answers.own
	answer.headers.hsts.valid
	answer.headers.hsts.preload
	answer.headers.hsts.max_age_seconds < input.profile.parameters.http.preload_seconds
}

unfit contains answer.listener if {
	some answer in answers.own
	answer.headers.hsts.valid
	answer.headers.hsts.preload
	not answer.headers.hsts.include_subdomains
}

findings contains {
	"subject": subject,
	"key": "preload",
	"message": sprintf("%s asks for preload without includeSubDomains and a max-age of %d s", [answers.listeners[subject].name, input.profile.parameters.http.preload_seconds]),
	"sources": [answers.listeners[subject].source],
	"fix": sprintf("add_header Strict-Transport-Security \"max-age=%d; includeSubDomains; preload\" always;", [input.profile.parameters.http.preload_seconds]),
} if {
	some subject in unfit
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
