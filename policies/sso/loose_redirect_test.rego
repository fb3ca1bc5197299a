package policies.sso.loose_redirect_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.sso.loose_redirect as rule

doc(host, fields) := {
	"saml": [trust.saml({"clients": [trust.client("FINESSE")], "redirects": [trust.redirect("FINESSE", host, fields)]})],
	"proxymap": fixture.proxymap([fixture.entry("x.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

messages(host, fields) := got if got := {f.message | some f in rule.findings} with input as doc(host, fields)

test_fires_on_each_looseness if {
	some a in messages("*.agents.example", {"wildcard": true})
	contains(a, "wildcard")
	some b in messages("desk-a.agents.example", {"scheme": "http"})
	contains(b, "not https")
	some c in messages("", {"absolute": false})
	contains(c, "no absolute")
	some d in messages("desk-a.agents.example", {"fragment": true})
	contains(d, "fragment")
}

test_fires_on_a_foreign_host if {
	some f in rule.findings with input as doc("desk.other.example", {})
	contains(f.message, "neither the map")
	f.subject == "client/FINESSE"
}

test_silent_on_known_hosts if {
	messages("desk-a.agents.example", {}) == set()
	messages("FIN-A.corp.example", {}) == set()
	messages("x.corp.example", {}) == set()
	rule.subjects == {"client/FINESSE"} with input as doc("desk-a.agents.example", {})
}
