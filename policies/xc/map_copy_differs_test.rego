package policies.xc.map_copy_differs_test

import data.policies.lib.fixture
import data.policies.xc.map_copy_differs as rule

master := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("cuic-a.corp.example", "desk-a.agents.example:8444", 4)]

doc(copy) := {
	"proxymap": fixture.proxymap(master), "site": fixture.site, "vos": [fixture.vos("node/fin-a", {"proxy_map": copy})],
	"profile": {"parameters": {"vos": {"proxy_service": "Cisco Web Proxy Service"}}},
}

finesse := fixture.copied("FIN-A.corp.example:8445", "desk-a.agents.example:8445", 41)

cuic := fixture.copied("cuic-a.corp.example:443", "desk-a.agents.example:8444", 42)

test_fires_on_a_missing_line if {
	some f in rule.findings with input as doc(fixture.map_copy([finesse]))
	f.message == "the node's copy of the map lacks cuic-a.corp.example:443=desk-a.agents.example:8444"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "proxymap.txt"}
	contains(f.fix, "utils service restart Cisco Web Proxy Service")
}

test_fires_on_an_empty_copy if count(rule.findings) == 2 with input as doc(fixture.map_copy([]))

test_fires_on_a_stale_line if {
	d := doc(fixture.map_copy([finesse, cuic, fixture.copied("fin-x.corp.example:8445", "old.agents.example:8445", 43)]))
	{f.key | some f in rule.findings} == {"extra fin-x.corp.example:8445=old.agents.example:8445"} with input as d
}

test_silent_when_they_agree if {
	d := doc(fixture.map_copy([finesse, cuic]))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_unsure_when_the_copy_is_not_known if {
	count(rule.findings) == 0 with input as doc(fixture.no_map_copy)
	count(rule.unsure) == 1 with input as doc(fixture.no_map_copy)
}

test_unsure_when_the_terminal_broke_a_line if {
	d := doc(object.union(fixture.map_copy([finesse]), {"problems": [{"kind": "broken_line", "message": "m", "text": "t", "source": fixture.cli(43)}]}))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
