package policies.http.stock_page_served_test

import data.policies.http.stock_page_served as rule
import data.policies.lib.live

test_fires_on_the_welcome_page if {
	some f in rule.findings with input as live.edge([live.request("page", {"path": "/", "stock_page": true})])
	f.key == "page /"
}

test_silent_otherwise if {
	count(rule.findings) == 0 with input as live.edge([live.request("page", {})])
	count(rule.unsure) == 0 with input as live.edge([live.request("page", {})])
}

test_unsure_when_cut if count(rule.unsure) == 1 with input as live.edge([live.request("page", {"body_whole": false})])

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([live.request("page", {"outcome": "refused"})])
