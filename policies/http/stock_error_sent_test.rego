package policies.http.stock_error_sent_test

import data.policies.http.stock_error_sent as rule
import data.policies.lib.live

test_fires_on_a_stock_page if {
	some f in rule.findings with input as live.edge([live.request("missing_path", {"status": 404, "stock_error": true})])
	f.fix == "error_page 404 @refused;"
}

test_silent_on_own_pages if {
	count(rule.findings) == 0 with input as live.edge([live.request("missing_path", {"status": 404})])
	count(rule.unsure) == 0 with input as live.edge([live.request("missing_path", {"status": 404})])
}

test_unsure_when_cut if count(rule.unsure) == 1 with input as live.edge([live.request("missing_path", {"status": 404, "body_whole": false})])

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])
