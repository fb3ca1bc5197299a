package policies.xc.gadget_not_reachable_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.gadget_not_reachable as rule

doc(host, fields, names) := {
	"layout": [trust.layout([trust.resource(host, fields)], [])],
	"proxymap": fixture.proxymap([fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 3)]),
	"site": trust.site([trust.declared("g", "gadget")]),
	"dns": [trust.dns("internet", names)],
}

fires(host, fields, names) := got if got := count(rule.findings) with input as doc(host, fields, names)

test_fires_on_a_declared_server_without_an_entry if {
	some f in rule.findings with input as doc("g.corp.example", {}, [])
	f.key == "g.corp.example:443"
	{s.artifact | some s in f.sources} == {"layout.xml", "proxymap.txt"}
}

test_fires_on_another_port_than_the_mapped_one if fires("cuic-a.corp.example", {"port": 443}, []) == 1

test_fires_on_inner_names if {
	fires("g", {"short": true}, []) == 1
	fires("10.1.0.9", {"ip_address": true}, []) == 1
	fires("x.example", {}, [trust.name("x.example", "nxdomain", [])]) == 1
}

test_silent_when_mapped_or_public if {
	fires("CUIC-A.corp.example", {"port": 8444}, []) == 0
	fires("desk-a.agents.example", {"port": 8444}, []) == 0
	d := doc("x.example", {}, [trust.name("x.example", "answered", ["203.0.113.9"])])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"site"} with input as d
}

test_unsure_without_a_look_up if count(rule.unsure) == 1 with input as doc("x.example", {}, [])
