package policies.auth.gadget_unguarded_test

import data.policies.auth.gadget_unguarded as rule
import data.policies.lib.fixture

doc(host, settings) := object.union(
	fixture.single([], [fixture.location("prefix", "/crm/", settings, [fixture.forward(host, 443)])]),
	{"site": object.union(fixture.site, {"nodes": [fixture.node("gad", "gadget", "gadgets.corp.example"), fixture.node("fin-a", "finesse", "fin-a.corp.example")]})},
)

test_fires_on_a_gadget_server if {
	some f in rule.findings with input as doc("gadgets.corp.example", [])
	f.key == "location /crm/ gadgets.corp.example"
	f.sources[0].line == 30
}

test_fires_on_a_host_that_nobody_declared if count(rule.findings) == 1 with input as doc("crm.corp.example", [])

test_silent_with_credentials_or_named_addresses if {
	count(rule.subjects) == 1 with input as doc("gadgets.corp.example", [fixture.setting("auth_request", ["/authenticate"], 31)])
	count(rule.findings) == 0 with input as doc("gadgets.corp.example", [fixture.setting("auth_request", ["/authenticate"], 31)])
	count(rule.findings) == 0 with input as doc("gadgets.corp.example", [fixture.setting("allow", ["192.0.2.0/24"], 31), fixture.setting("deny", ["all"], 32)])
}

test_silent_about_nodes_and_the_identity_provider if {
	count(rule.findings) == 0 with input as doc("fin-a.corp.example", [])
	count(rule.findings) == 0 with input as doc("sso.example", [])
}

test_silent_about_the_identity_provider_behind_a_name_of_the_gate if {
	d := doc("adfs.corp.example", [])
	inside := object.union(d, {"site": object.union(d.site, {"idp": {"host": "Desk-A.agents.example"}})})
	count(rule.subjects) == 1 with input as inside
	count(rule.findings) == 0 with input as inside
}

test_fires_when_half_of_the_internet_is_allowed_twice if {
	d := doc("gadgets.corp.example", [fixture.setting("allow", ["0.0.0.0/1"], 31), fixture.setting("allow", ["128.0.0.0/1"], 32), fixture.setting("deny", ["all"], 33)])
	count(rule.findings) == 1 with input as d
}

test_unsure_where_only_lua_could_ask if {
	d := doc("gadgets.corp.example", [fixture.setting("access_by_lua_file", ["lua/refuse.lua"], 31)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
