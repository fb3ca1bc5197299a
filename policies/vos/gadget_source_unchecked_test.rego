package policies.vos.gadget_source_unchecked_test

import data.policies.lib.fixture
import data.policies.vos.gadget_source_unchecked as rule

doc(state, sources) := {"vos": [fixture.vos("node/fin-a", {"gadget_source_check": state, "gadget_sources": sources})], "site": fixture.site}

on := fixture.value("enabled", 70)

test_fires_when_it_is_off if {
	some f in rule.findings with input as doc(fixture.value("disabled", 70), fixture.list([], 71))
	f.message == "the gadget source check is disabled, so the node fetches gadgets from every address"
}

test_fires_on_a_wildcard if {
	some f in rule.findings with input as doc(on, fixture.list(["https://*.corp.example"], 71))
	f.key == "https://*.corp.example"
}

test_fires_on_clear_text if {
	some f in rule.findings with input as doc(on, fixture.list(["http://cuic-a.corp.example"], 71))
	f.message == "gadgets may come from http://cuic-a.corp.example, without TLS"
}

test_silent_with_a_list_of_names if {
	d := doc(on, fixture.list(["https://cuic-a.corp.example:8444"], 71))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 2 with input as doc(fixture.no_value, fixture.no_list)
