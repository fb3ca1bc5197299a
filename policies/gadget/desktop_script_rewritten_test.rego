package policies.gadget.desktop_script_rewritten_test

import data.policies.gadget.desktop_script_rewritten as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

file(excludes) := {"name": "crm/crm.xml", "excludes_finesse_script": excludes, "preferences": [], "source": trust.file("gadgets/crm.xml")}

doc(host, excludes) := {
	"layout": [trust.layout([trust.resource(host, {"path": "/gadgets/crm.xml", "relative": host == ""})], [file(excludes)])],
	"profile": {"parameters": {"trust": {"rewrite_excluded": "finesse.min.js"}}},
}

test_fires_when_the_script_is_rewritten if {
	some f in rule.findings with input as doc("g.corp.example", fixture.known(false))
	f.subject == "gadget/crm%2Fcrm.xml"
	{s.artifact | some s in f.sources} == {"gadgets/crm.xml", "layout.xml"}
}

test_silent_when_it_is_left_out if {
	count(rule.findings) == 0 with input as doc("g.corp.example", fixture.known(true))
	count(rule.unsure) == 0 with input as doc("g.corp.example", fixture.known(true))
	count(rule.subjects) == 1 with input as doc("g.corp.example", fixture.known(true))
}

test_silent_on_a_gadget_of_the_desktop_itself if count(rule.subjects) == 0 with input as doc("", fixture.known(false))

test_unsure_about_a_pattern if count(rule.unsure) == 1 with input as doc("g.corp.example", fixture.unknown(false))
