package policies.tls.hsts_missing_test

import data.policies.lib.live
import data.policies.tls.hsts_missing as rule

doc(requests) := object.union(live.edge(requests), {"profile": {"parameters": {"http": {"hsts_seconds": 15768000, "preload_seconds": 31536000}}}})

none := {"hsts": {"present": false, "valid": false, "max_age_seconds": 0, "include_subdomains": false, "preload": false}}

brief := {"hsts": {"present": true, "valid": true, "max_age_seconds": 3600, "include_subdomains": false, "preload": false}}

test_fires_when_missing if {
	some f in rule.findings with input as doc([live.with_headers("page", none)])
	f.key == "missing"
	f.fix == `add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;`
}

test_fires_on_one_refusal_without_it if count(rule.findings) == 1 with input as doc([live.request("page", {}), live.with_headers("missing_path", none)])

test_fires_when_short if {
	some f in rule.findings with input as doc([live.with_headers("page", brief)])
	f.key == "max-age"
	contains(f.message, "3600")
}

test_silent_when_sent if {
	count(rule.findings) == 0 with input as doc([live.request("page", {})])
	count(rule.unsure) == 0 with input as doc([live.request("page", {})])
}

test_silent_on_clear_text if count(rule.findings) == 0 with input as doc([live.request("page", {}), live.with_headers("plain", none)])

test_unsure_when_the_head_is_odd if {
	d := doc([object.union(live.with_headers("page", none), {"odd_head": true})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as doc([])
