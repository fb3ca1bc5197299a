package policies.http.referrer_policy_missing_test

import data.policies.http.referrer_policy_missing as rule
import data.policies.lib.live

bad := live.with_headers("page", {"referrer_policy": "no-referrer, unsafe-url"})

test_fires_when_missing if {
	some f in rule.findings with input as live.edge([bad])
	f.key == "missing"
	contains(f.fix, "add_header")
}

test_silent_when_sent if {
	count(rule.findings) == 0 with input as live.edge([live.request("page", {})])
	count(rule.unsure) == 0 with input as live.edge([live.request("page", {})])
	count(rule.subjects) == 1 with input as live.edge([live.request("page", {})])
}

test_unsure_when_the_head_is_odd if {
	d := live.edge([object.union(bad, {"odd_head": true})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])

test_silent_on_a_list_whose_last_known_policy_is_careful if {
	count(rule.findings) == 0 with input as live.edge([live.with_headers("page", {"referrer_policy": "unsafe-url, strict-origin, made-up"})])
}

test_fires_on_an_empty_policy if count(rule.findings) == 1 with input as live.edge([live.with_headers("page", {"referrer_policy": ""})])
