package policies.gadget.short_address_test

import data.policies.gadget.short_address as rule
import data.policies.lib.trust_fixture as trust

doc(host, fields) := {
	"layout": [trust.layout([trust.resource(host, fields)], [])],
	"site": trust.site([object.union(trust.declared("cuic-a", "cuic"), {"addresses": ["10.1.0.21"]})]),
}

fixes(host, fields) := got if got := {f.fix | some f in rule.findings} with input as doc(host, fields)

test_fires_on_a_short_name if fixes("cuic-a", {"short": true}) == {"Write cuic-a.corp.example instead of cuic-a."}

test_fires_on_an_address if fixes("10.1.0.21", {"ip_address": true}) == {"Write cuic-a.corp.example instead of 10.1.0.21."}

test_fires_on_an_unknown_server if fixes("x", {"short": true}) == {"Write the full name instead of x."}

test_silent_on_a_full_name if {
	fixes("cuic-a.corp.example", {}) == set()
	rule.subjects == {"site"} with input as doc("cuic-a.corp.example", {})
}
