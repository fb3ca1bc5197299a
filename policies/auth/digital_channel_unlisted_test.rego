package policies.auth.digital_channel_unlisted_test

import data.policies.auth.digital_channel_unlisted as rule
import data.policies.lib.fixture

doc(settings) := object.union(
	fixture.single([], [fixture.location("prefix", "/drapi/", settings, [fixture.forward("cc.corp.example", 8445)])]),
	{"site": object.union(fixture.site, {"nodes": [fixture.node("cc", "cloudconnect", "cc.corp.example")]})},
)

test_fires_without_a_list if {
	some f in rule.findings with input as doc([])
	f.key == "location /drapi/"
}

test_fires_when_everybody_is_allowed if count(rule.findings) == 1 with input as doc([fixture.setting("allow", ["all"], 31), fixture.setting("deny", ["all"], 32)])

test_silent_with_a_list if {
	d := doc([fixture.setting("allow", ["198.51.100.20"], 31), fixture.setting("deny", ["all"], 32)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_where_lua_may_refuse if count(rule.unsure) == 1 with input as doc([fixture.setting("access_by_lua_block", [""], 31)])

test_silent_when_the_first_of_two_servers_has_the_list if {
	to_cloud := fixture.location("prefix", "/", [], [fixture.forward("cc.corp.example", 8445)])
	site := {"site": object.union(fixture.site, {"nodes": [fixture.node("cc", "cloudconnect", "cc.corp.example")]})}
	list := [fixture.setting("allow", ["198.51.100.20"], 31), fixture.setting("deny", ["all"], 32)]
	count(rule.findings) == 0 with input as object.union(fixture.relayed(list, [], [], [to_cloud]), site)

	# The second server sees no client, only the gate.
	count(rule.findings) == 1 with input as object.union(fixture.relayed([], [], list, [to_cloud]), site)
}
