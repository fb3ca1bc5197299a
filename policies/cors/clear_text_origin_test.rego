package policies.cors.clear_text_origin_test

import data.policies.cors.clear_text_origin as rule
import data.policies.lib.fixture

doc(origins) := {"cors": [fixture.cors("node/cuic-a", "cuic", "enabled", origins)]}

test_fires_on_http if {
	some f in rule.findings with input as doc(["https://a.example", "HTTP://portal.example:8080"])
	f.key == "cuic http://portal.example:8080"
	f.sources[0].line == 82
}

test_silent_on_https if {
	count(rule.findings) == 0 with input as doc(["https://a.example"])
	count(rule.unsure) == 0 with input as doc([])
}

test_unsure_when_not_known if {
	count(rule.unsure) == 1 with input as {"cors": [object.union(fixture.cors("node/cuic-a", "cuic", "enabled", []), {"allowed_origins": fixture.no_list})]}
}

test_silent_about_every_node_with_a_list if rule.subjects == {"node/cuic-a"} with input as doc(["https://a.example"])
