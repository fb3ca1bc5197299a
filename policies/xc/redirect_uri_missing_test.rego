package policies.xc.redirect_uri_missing_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.redirect_uri_missing as rule

doc(hosts) := {
	"saml": [trust.saml({"clients": [trust.client("FINESSE")], "redirects": [trust.redirect("FINESSE", host, {}) | some host in hosts]})],
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"site": trust.site([trust.declared("fin-a", "finesse")]),
	"profile": trust.profile,
}

test_fires_on_a_missing_external_host if {
	some f in rule.findings with input as doc(["fin-a.corp.example"])
	f.key == "https://desk-a.agents.example:8445/desktop/sso/authcode"
	{s.artifact | some s in f.sources} == {"sso/ids-clients.yaml", "proxymap.txt"}
}

test_fires_on_a_missing_internal_host if {
	{f.key | some f in rule.findings} == {"https://fin-a.corp.example:8445/desktop/sso/authcode"} with input as doc(["desk-a.agents.example"])
}

test_fires_without_the_client if {
	d := object.union(doc([]), {"saml": [trust.saml({"clients": [trust.client("CUIC")]})]})
	{f.key | some f in rule.findings} == {"client"} with input as d
}

test_fires_on_another_path if {
	d := object.union(doc([]), {"saml": [trust.saml({
		"clients": [trust.client("FINESSE")],
		"redirects": [trust.redirect("FINESSE", "desk-a.agents.example", {"path": "/desktop"}), trust.redirect("FINESSE", "fin-a.corp.example", {})],
	})]})
	count(rule.findings) == 1 with input as d
}

test_silent_with_both_forms_in_any_case if {
	d := doc(["DESK-A.agents.example", "fin-a.corp.example"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"client/FINESSE"} with input as d
}

test_silent_on_other_entries_of_the_map if {
	d := object.union(doc(["desk-a.agents.example", "fin-a.corp.example"]), {
		"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("u.corp.example:8445", "u.agents.example:8445", 4)]),
		"site": trust.site([trust.declared("fin-a", "uccx"), trust.declared("u", "cuic")]),
	})
	count(rule.findings) == 0 with input as d
}

test_unsure_without_a_desktop_in_the_map if count(rule.unsure) == 1 with input as object.union(doc([]), {"proxymap": fixture.proxymap([])})
