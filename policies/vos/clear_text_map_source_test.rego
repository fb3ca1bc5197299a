package policies.vos.clear_text_map_source_test

import data.policies.lib.fixture
import data.policies.vos.clear_text_map_source as rule

doc(uris) := {"vos": [fixture.vos("node/fin-a", {"config_uris": uris})]}

test_fires_on_http if {
	some f in rule.findings with input as doc(fixture.list(["https://map.corp.example/p.txt", "http://map2.corp.example/p.txt"], 30))
	f.key == "http://map2.corp.example/p.txt"
	f.sources[0].line == 32
}

test_silent_on_https if {
	count(rule.findings) == 0 with input as doc(fixture.list(["HTTPS://map.corp.example/p.txt"], 30))
	count(rule.subjects) == 1 with input as doc(fixture.list([], 30))
}

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_list)

test_silent_about_a_node_that_trusts_no_gate if {
	d := doc(fixture.list(["http://map.corp.example/p.txt"], 30))
	site := object.union(object.get(d, "site", fixture.site), {"nodes": [fixture.node("fin-a", "ucm", "ucm-a.corp.example")]})
	count(rule.findings) > 0 with input as d
	count(rule.subjects) == 0 with input as object.union(d, {"site": site})
	count(rule.findings) == 0 with input as object.union(d, {"site": site})
}
