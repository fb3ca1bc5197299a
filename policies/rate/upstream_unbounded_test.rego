package policies.rate.upstream_unbounded_test

import data.policies.lib.fixture
import data.policies.rate.upstream_unbounded as rule

doc(upstream, params) := {
	"site": fixture.site,
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"upstreams": [{
		"name": "finesse_a", "source": fixture.at(fixture.conf, 3, "explicit"),
		"servers": [{"host": "fin-a.corp.example", "port": 8445, "params": params, "source": fixture.at(fixture.conf, 4, "explicit")}],
	}]})],
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/desktop/", [], [object.union(fixture.forward("fin-a.corp.example", 8445), {"upstream": upstream})])])
}

test_fires_without_a_bound if {
	some f in rule.findings with input as doc("finesse_a", ["weight=1", "max_conns=0"])
	f.key == "finesse_a fin-a.corp.example:8445"
	f.sources[0].line == 4
}

test_fires_without_an_upstream_block if {
	{f.key | some f in rule.findings} == {"fin-a.corp.example:8445"} with input as doc("", ["max_conns=100"])
}

test_silent_with_a_bound if {
	rule.subjects == {"edge/rp-a"} with input as doc("finesse_a", ["max_conns=2000"])
	count(rule.findings) == 0 with input as doc("finesse_a", ["max_conns=2000"])
}

test_silent_about_a_server_that_is_down if count(rule.findings) == 0 with input as doc("finesse_a", ["down"])
