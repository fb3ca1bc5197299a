package policies.xc.template_of_other_release_test

import data.policies.lib.fixture
import data.policies.xc.template_of_other_release as rule

file(template) := {
	"subject": "edge/rp-a/env/cuic.env", "name": "cuic.env", "scope": "component", "template_type": fixture.known(template), "component_dir": fixture.known("cuic-a"),
	"assignments": 4, "crlf": false, "byte_order_mark": false, "source": fixture.at("rp-a/envs/cuic.env", 1, "explicit"),
}

bare := object.union(fixture.site, {"nodes": [object.union(fixture.node("cuic-a", "cuic", "cuic-a.corp.example"), {"version": ""})]})

doc(template, facts) := {
	"env": [{"target": "edge/rp-a", "files": [file(template)], "properties": [], "secrets": [], "source": fixture.at("rp-a/envs", 0, "explicit")}],
	"site": bare, "vos": [fixture.vos("node/cuic-a", facts)],
	"profile": {"parameters": {"vos": {"own_port_roles": ["cuic", "livedata"], "shared_port_release": "12.6.2"}}, "es_number": fixture.unknown(0)},
}

test_fires_on_the_new_template_for_an_old_server if {
	some f in rule.findings with input as doc("cuic", fixture.release("12.6.1.10000-23", 0))
	f.message == "TEMPLATE_TYPE is cuic, but node/cuic-a runs 12.6.1.10000-23"
	f.fix == "Write TEMPLATE_TYPE=\"cuic_12.6(1)\" and start the container again."
	{s.artifact | some s in f.sources} == {"rp-a/envs/cuic.env", "fin-a/cli.txt"}
}

test_fires_on_the_old_template_for_a_new_server if {
	some f in rule.findings with input as doc("cuic_12.6(1)", fixture.release("12.6.2.10000-5", 0))
	f.fix == "Write TEMPLATE_TYPE=\"cuic\" and start the container again."
}

test_silent_when_they_fit if {
	count(rule.findings | rule.unsure) == 0 with input as doc("cuic_12.6(1)", fixture.release("12.6.1.10000-23", 0))
	count(rule.findings | rule.unsure) == 0 with input as doc("cuic", fixture.release("12.6.2.10000-5", 0))
	rule.subjects == {"edge/rp-a"} with input as doc("cuic", fixture.release("12.6.2.10000-5", 0))
}

test_silent_about_other_templates if count(rule.subjects) == 0 with input as doc("finesse", fixture.release("12.6.2.10000-5", 0))

test_unsure_without_a_release if count(rule.unsure) == 1 with input as doc("cuic", {})
