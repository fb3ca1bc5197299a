package policies.cors.unknown_origin_test

import data.policies.cors.unknown_origin as rule
import data.policies.lib.fixture

integration := {"name": "crm", "embedder_origin": "https://crm.example", "source": fixture.at("site.yaml", 60, "declared")}

doc(origins) := {
	"cors": [fixture.cors("node/fin-a", "finesse", "enabled", origins)],
	"vos": [fixture.vos("node/fin-a", {"allowed_hosts": fixture.list(["desk-b.agents.example"], 20)})],
	"site": object.union(fixture.site, {"integrations": [integration]}),
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
}

test_fires_on_a_stranger if {
	some f in rule.findings with input as doc(["https://desk-a.agents.example:8444", "https://old-gate.example:8444"])
	f.key == "finesse https://old-gate.example:8444"
	count(f.sources) == 2
}

test_silent_on_all_kinds_of_known_hosts if {
	d := doc(["https://desk-a.agents.example", "https://desk-b.agents.example:8445", "https://crm.example", "https://cuic-a.corp.example:8444", "https://203.0.113.10"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_text_that_another_rule_reports if count(rule.findings) == 0 with input as doc(["*"])

test_unsure_when_not_known if {
	d := object.union(doc([]), {"cors": [object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
