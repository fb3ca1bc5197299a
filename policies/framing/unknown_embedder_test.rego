package policies.framing.unknown_embedder_test

import data.policies.framing.unknown_embedder as rule
import data.policies.lib.fixture

integration := {"name": "crm", "embedder_origin": "https://my.crm.example", "source": fixture.at("site.yaml", 60, "declared")}

doc(entries) := {
	"framing": [fixture.framing("node/fin-a", "frame_access_allowed_list", entries)],
	"vos": [fixture.vos("node/fin-a", {"allowed_hosts": fixture.list(["desk-b.agents.example"], 20)})],
	"site": object.union(fixture.site, {"integrations": [integration]}),
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
}

test_fires_on_a_stranger if {
	some f in rule.findings with input as doc(["https://my.crm.example", "https://trial.example:8445"])
	f.key == "https://trial.example:8445"
	count(f.sources) == 2
}

test_fires_on_a_wildcard_of_strangers if count(rule.findings) == 1 with input as doc(["https://*.trial.example"])

test_silent_on_known_hosts if {
	d := doc(["https://my.crm.example", "https://*.crm.example", "https://desk-a.agents.example:8445", "https://desk-b.agents.example"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_broad_entries_that_another_rule_reports if count(rule.findings) == 0 with input as doc(["https://*", "https://*.com"])

test_unsure_when_not_known if {
	d := object.union(doc([]), {"framing": [object.union(fixture.framing("node/fin-a", "frame_access_allowed_list", []), {"entries": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
