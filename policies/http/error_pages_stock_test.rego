package policies.http.error_pages_stock_test

import data.policies.http.error_pages_stock as rule
import data.policies.lib.fixture

profile := {"profile": {"parameters": {"http": {"error_pages": [404, 502]}}}}

back(settings) := fixture.location("prefix", "/", settings, [fixture.forward("fin-a.corp.example", 8445)])

doc(settings, own) := object.union(fixture.single(settings, [back(own)]), profile)

page(args) := fixture.setting("error_page", args, 12)

test_fires_without_any if {
	some f in rule.findings with input as doc([], [])
	f.fix == "error_page 404 502 @refused;"
}

test_fires_on_one_missing_status if {
	some f in rule.findings with input as doc([page(["404", "=200", "@refused"])], [])
	f.message == "server has no error_page for 502"
}

test_fires_where_a_location_replaces_them if {
	some f in rule.findings with input as doc([page(["404", "502", "@refused"])], [page(["404", "/other.html"])])
	f.key == "location /"
}

test_silent_when_all_are_there if {
	count(rule.findings) == 0 with input as doc([page(["404", "@refused"]), page(["502", "@refused"])], [])
	count(rule.subjects) == 1 with input as doc([page(["404", "@refused"])], [])
}

test_silent_where_nothing_is_forwarded if count(rule.subjects) == 0 with input as object.union(fixture.single([], []), profile)
