package policies.xc.port_before_release_test

import data.policies.lib.fixture
import data.policies.xc.port_before_release as rule

bare := object.union(fixture.site, {"nodes": [object.union(fixture.node("cuic-a", "cuic", "cuic-a.corp.example"), {"version": ""})]})

doc(entry, facts) := {
	"proxymap": fixture.proxymap([entry]), "site": bare, "vos": [fixture.vos("node/cuic-a", facts)],
	"profile": {"parameters": {"vos": {"own_port_roles": ["cuic", "livedata"], "shared_port": 443, "shared_port_release": "12.6.2"}}, "es_number": fixture.unknown(0)},
}

inner := fixture.entry("cuic-a.corp.example:443", "cuic-a.agents.example:8444", 3)

outer := fixture.entry("cuic-a.corp.example:8444", "cuic-a.agents.example:443", 3)

own := fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 3)

test_fires_on_the_internal_port if {
	some f in rule.findings with input as doc(inner, fixture.release("12.6.1.10000-23", 7))
	f.message == "cuic-a.agents.example:8444 leads to cuic-a.corp.example:443, but node/cuic-a runs 12.6.1.10000-23 ES07 and answers on port 443 only from 12.6.2 on"
	{s.artifact | some s in f.sources} == {"proxymap.txt", "fin-a/cli.txt"}
}

test_fires_on_the_external_port if count(rule.findings) == 1 with input as doc(outer, fixture.release("12.6.1.10000-23", 0))

test_silent_with_the_release if count(rule.findings | rule.unsure) == 0 with input as doc(inner, fixture.release("12.6.2.10000-5", 0))

test_silent_about_ports_of_its_own if {
	d := doc(own, {})
	count(rule.findings | rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_without_a_release if count(rule.unsure) == 1 with input as doc(inner, {})
