package policies.cors.integration_missing_test

import data.policies.cors.integration_missing as rule
import data.policies.lib.fixture

crm := {"name": "crm", "embedder_origin": "https://crm.example", "platform_host": "api.crm.example", "source": fixture.at("site.yaml", 70, "declared")}

doc(origins, fields) := {
	"cors": [fixture.cors("node/fin-a", "finesse", "enabled", origins), fixture.cors("node/cuic-a", "cuic", "enabled", [])],
	"site": object.union(fixture.site, {"integrations": [object.union(crm, fields)]}),
}

test_fires_on_each_missing_origin if {
	found := rule.findings with input as doc(["https://crm.example"], {})
	{[f.subject, f.key] | some f in found} == {["node/fin-a", "https://api.crm.example"]}
	some f in found
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "site.yaml"}
	count(rule.findings) == 2 with input as doc([], {})
}

test_fires_on_clear_text if {
	some f in rule.findings with input as doc(["https://crm.example"], {"platform_host": "http://api.crm.example"})
	f.message == "the integration crm is declared as http://api.crm.example, without TLS"
}

test_silent_about_a_platform_that_is_written_as_a_url if {
	count(rule.findings) == 0 with input as doc(["https://crm.example"], {"platform_host": "https://CRM.example/"})
}

test_silent_when_both_are_allowed if {
	d := doc(["https://CRM.example", "https://api.crm.example"], {})
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_where_every_origin_passes if {
	d := object.union(doc([], {}), {"cors": [fixture.cors("node/fin-a", "finesse", "enable_all", [])]})
	count(rule.findings) == 0 with input as d
}

test_unsure_about_what_is_not_known if {
	count(rule.unsure) == 1 with input as doc([], {"embedder_origin": "", "platform_host": ""})
	d := object.union(doc([], {}), {"cors": [object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
