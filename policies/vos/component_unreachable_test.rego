package policies.vos.component_unreachable_test

import data.policies.lib.fixture
import data.policies.lib.live
import data.policies.vos.component_unreachable as rule

doc(fields) := {
	"http": [live.listener("edge/rp-a", [live.request("page", object.union({"path": "/cuic/rest/about"}, fields)), live.request("page", {"path": "/", "status": 421})])],
	"proxymap": fixture.proxymap([fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8445", 3)]), "site": fixture.site,
	"profile": {"parameters": {"vos": {"status_pages": [{"role": "cuic", "port": 8444, "path": "/cuic/rest/about"}]}}},
}

test_fires_on_another_status if {
	some f in rule.findings with input as doc({"status": 404})
	f.message == "/cuic/rest/about of the cuic server is answered by 404 instead of 200 or 401"
	count(f.sources) == 2
}

test_fires_when_the_connection_is_ended if {
	{f.key | some f in rule.findings} == {"refused /cuic/rest/about"} with input as doc({"outcome": "refused", "status": 0})
}

test_silent_when_it_answers if {
	count(rule.findings | rule.unsure) == 0 with input as doc({})
	count(rule.findings | rule.unsure) == 0 with input as doc({"status": 401})
	rule.subjects == {"edge/rp-a/listener/desk-a.agents.example:8445"} with input as doc({})
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as doc({"outcome": "unknown", "status": 0, "reason": "timeout"})
