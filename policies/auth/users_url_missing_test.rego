package policies.auth.users_url_missing_test

import data.policies.auth.users_url_missing as rule
import data.policies.lib.fixture_gate as g

names(inner, outer) := [g.host("finesse.env", "finesse", "NGX_FIN_HOSTNAME", inner), g.host("finesse.env", "finesse", "NGX_PRXY_FIN_HOSTNAME", outer)]

split_names := names("fin-a.corp.example", "desk-a.agents.example")

url(scheme) := object.union(g.url("NGX_FIN_USERS_URL", scheme, "desk-a.agents.example:8445", "/finesse/api/Users"), {})

test_fires_where_names_differ if {
	some f in rule.findings with input as g.doc(split_names)
	contains(f.fix, "https://desk-a.agents.example:8445/finesse/api/Users")
}

test_fires_where_it_is_empty if count(rule.findings) == 1 with input as g.doc(array.concat(split_names, [g.assigned("finesse.env", "finesse", "NGX_FIN_USERS_URL", "", {"kind": "url"})]))

test_fires_on_clear_text if {
	{f.key | some f in rule.findings} == {"finesse.env NGX_FIN_USERS_URL scheme"} with input as g.doc(array.concat(split_names, [url("http")]))
}

test_silent_where_it_is_given if {
	rule.subjects == {"edge/rp-a"} with input as g.doc(array.concat(split_names, [url("https")]))
	count(rule.findings) == 0 with input as g.doc(array.concat(split_names, [url("https")]))
}

test_silent_where_names_are_equal if count(rule.findings) == 0 with input as g.doc(names("desk-a.agents.example", "Desk-A.agents.example"))

test_silent_where_its_value_is_not_known if {
	hidden := g.assigned("finesse.env", "finesse", "NGX_FIN_USERS_URL", "", {"value": g.none("")})
	count(rule.findings) == 0 with input as g.doc(array.concat(split_names, [hidden]))
}
