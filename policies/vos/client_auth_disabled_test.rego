package policies.vos.client_auth_disabled_test

import data.policies.lib.fixture
import data.policies.vos.client_auth_disabled as rule

doc(status) := {"vos": [fixture.vos("node/fin-a", {"client_auth": status})]}

test_fires_on_disabled if {
	some f in rule.findings with input as doc(fixture.value("disabled", 40))
	f.sources[0].line == 40
}

test_silent_on_enabled if {
	count(rule.findings) == 0 with input as doc(fixture.value("enabled", 40))
	count(rule.unsure) == 0 with input as doc(fixture.value("enabled", 40))
}

test_unsure_when_not_shown if count(rule.unsure) == 1 with input as doc(fixture.no_value)

test_silent_about_nodes_that_trust_no_gate if {
	every role in ["ucm", "imp", "mediasense", "socialminer"] {
		d := object.union(doc(fixture.no_value), {"site": object.union(fixture.site, {"nodes": [fixture.node("fin-a", role, "fin-a.corp.example")]})})
		count(rule.subjects) == 0 with input as d
		count(rule.unsure) == 0 with input as d
	}
}

test_judges_all_others if {
	d := object.union(doc(fixture.no_value), {"site": fixture.site})
	count(rule.subjects) == 1 with input as d
	count(rule.unsure) == 1 with input as d
}
