package policies.gadget.undeclared_host_test

import data.policies.gadget.undeclared_host as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(host) := {
	"layout": [trust.layout([trust.resource(host, {})], [])],
	"proxymap": fixture.proxymap([fixture.entry("inner.corp.example:443", "outer.agents.example:443", 3)]),
	"site": trust.site([trust.declared("g", "gadget")]),
}

test_fires_on_a_stranger if {
	some f in rule.findings with input as doc("widgets.other.example")
	f.key == "widgets.other.example"
	contains(f.fix, "role: gadget")
}

test_silent_on_declared_and_mapped_servers if {
	count(rule.findings) == 0 with input as doc("G.corp.example")
	count(rule.findings) == 0 with input as doc("inner.corp.example")
	count(rule.findings) == 0 with input as doc("outer.agents.example")
	rule.subjects == {"site"} with input as doc("g.corp.example")
}

test_silent_on_what_the_desktop_serves_itself if {
	d := object.union(doc("x"), {"layout": [trust.layout([trust.resource("", {"relative": true})], [])]})
	count(rule.findings) == 0 with input as d
}

test_silent_on_an_address_that_is_none if count(rule.findings) == 0 with input as doc("")
