package policies.vos.unknown_host_trusted_test

import data.policies.lib.fixture
import data.policies.vos.unknown_host_trusted as rule

doc(hosts) := {
	"vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts})],
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"site": object.union(fixture.site, {
		"load_balancers": ["lb.agents.example"],
		"edges": [object.union(fixture.edge("rp-a", ["203.0.113.10"], ["10.9.0.10"]), {"ssh": {"address": "rp-a.dmz.example:22"}})],
	}),
}

test_fires_on_a_stranger if {
	some f in rule.findings with input as doc(fixture.list(["desk-a.agents.example", "old-desk.agents.example"], 20))
	f.message == "the node trusts old-desk.agents.example, which is neither a name of the map nor an address of an edge"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "site.yaml"}
}

test_silent_about_gates_and_balancers if {
	d := doc(fixture.list(["DESK-A.agents.example", "203.0.113.10", "10.9.0.10", "lb.agents.example", "rp-a.dmz.example"], 20))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_unsure_when_the_list_is_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_list)
