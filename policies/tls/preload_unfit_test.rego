package policies.tls.preload_unfit_test

import data.policies.lib.live
import data.policies.tls.preload_unfit as rule

doc(hsts) := object.union(
	live.edge([live.with_headers("page", {"hsts": object.union(live.strict, hsts)})]),
	{"profile": {"parameters": {"http": {"preload_seconds": 31536000}}}},
)

test_fires_on_a_short_age if count(rule.findings) == 1 with input as doc({"preload": true, "max_age_seconds": 3600})

test_fires_without_subdomains if {
	some f in rule.findings with input as doc({"preload": true, "include_subdomains": false})
	contains(f.fix, "includeSubDomains; preload")
}

test_silent_when_fit if count(rule.findings) == 0 with input as doc({"preload": true})

test_silent_when_not_asked_for if {
	count(rule.findings) == 0 with input as doc({"max_age_seconds": 3600})
	count(rule.unsure) == 0 with input as doc({"max_age_seconds": 3600})
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])
