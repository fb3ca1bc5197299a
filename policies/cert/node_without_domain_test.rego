package policies.cert.node_without_domain_test

import data.policies.cert.node_without_domain as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(fields, host) := {"vos": [fixture.vos("node/fin-a", fields)], "site": trust.site([fixture.node("fin-a", "finesse", host)])}

sound := {"domain": fixture.value("corp.example", 20), "dns_servers": fixture.list(["10.1.0.53"], 18)}

keys(fields, host) := got if got := {f.key | some f in rule.findings} with input as doc(fields, host)

test_fires_on_each_of_the_three if keys({"domain": fixture.value("", 20), "dns_servers": fixture.list([], 18)}, "fin-a") == {"domain", "resolver", "host"}

test_silent_on_a_sound_node if {
	keys(sound, "fin-a.corp.example") == set()
	count(rule.unsure) == 0 with input as doc(sound, "fin-a.corp.example")
	count(rule.subjects) == 1 with input as doc(sound, "fin-a.corp.example")
}

test_unsure_without_an_answer if count(rule.unsure) == 2 with input as doc({"domain": fixture.no_value, "dns_servers": fixture.no_list}, "fin-a.corp.example")

test_silent_on_gadget_servers if {
	d := {"vos": [fixture.vos("node/fin-a", sound)], "site": trust.site([fixture.node("fin-a", "gadget", "x")])}
	count(rule.subjects) == 0 with input as d
}
