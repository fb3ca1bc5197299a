package policies.http.personal_answer_cacheable_test

import data.policies.http.personal_answer_cacheable as rule
import data.policies.lib.live

cookie := {"name": "JSESSIONID", "secure": true, "http_only": true, "same_site": "", "domain": ""}

doc(value, fields) := live.edge([object.union_n([live.with_headers("page", {"cache_control": value}), {"cookies": [cookie]}, fields])])

test_fires_without_cache_control if count(rule.findings) == 1 with input as doc("", {})

test_fires_on_public if count(rule.findings) == 1 with input as doc("public, max-age=3600", {})

test_silent_on_private_answers if {
	every value in ["no-store", "max-age=0, private", "no-cache"] {
		count(rule.findings) == 0 with input as doc(value, {})
	}
}

test_silent_without_a_cookie if {
	count(rule.findings) == 0 with input as live.edge([live.with_headers("page", {"cache_control": ""})])
	count(rule.unsure) == 0 with input as live.edge([live.with_headers("page", {"cache_control": ""})])
}

test_unsure_when_the_head_is_odd if count(rule.unsure) == 1 with input as doc("", {"odd_head": true})

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])
