package policies.sso.several_services_per_side_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.sso.several_services_per_side as rule

doc(external) := {
	"proxymap": fixture.proxymap([fixture.entry("ids-a.corp.example:8553", "desk-a.agents.example:8553", 4), fixture.entry("ids-b.corp.example:8553", external, 5)]),
	"site": trust.site([trust.declared("ids-a", "ids"), trust.declared("ids-b", "ids")]),
	"profile": trust.profile,
}

test_fires_on_two_behind_one_name if {
	some f in rule.findings with input as doc("desk-a.agents.example:8554")
	f.subject == "host/desk-a.agents.example"
	count(f.sources) == 2
}

test_silent_with_a_name_each if {
	count(rule.findings) == 0 with input as doc("desk-b.agents.example:8553")
	count(rule.subjects) == 2 with input as doc("desk-b.agents.example:8553")
}
