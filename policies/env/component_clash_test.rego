package policies.env.component_clash_test

import data.policies.env.component_clash as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g

port(file, template, name, n) := object.union(g.assigned(file, template, name, sprintf("%d", [n]), {}), {"number": fixture.known(n)})

doc(directory, cuic_port) := object.union(g.doc([]), {"env": [g.record(
	[g.core, g.file("finesse.env", "component", "finesse", "fin-a"), g.file("cuic.env", "component", "cuic", directory)],
	[
		g.host("finesse.env", "finesse", "NGX_PRXY_FIN_HOSTNAME", "desk-a.agents.example"), port("finesse.env", "finesse", "NGX_PRXY_FIN_PORT", 8445),
		g.host("cuic.env", "cuic", "NGX_PRXY_CUIC_HOSTNAME", "Desk-A.agents.example"), port("cuic.env", "cuic", "NGX_PRXY_CUIC_PORT", cuic_port),
	],
)]})

test_fires_on_a_shared_folder if {
	some f in rule.findings with input as doc("fin-a", 8444)
	f.key == "folder fin-a"
	{s.artifact | some s in f.sources} == {"rp-a/envs/finesse.env", "rp-a/envs/cuic.env"}
}

test_fires_on_a_shared_endpoint if {
	{f.key | some f in rule.findings} == {"endpoint desk-a.agents.example:8445"} with input as doc("cuic-a", 8445)
}

test_silent_when_each_has_its_own if {
	rule.subjects == {"edge/rp-a"} with input as doc("cuic-a", 8444)
	count(rule.findings) == 0 with input as doc("cuic-a", 8444)
	count(rule.unsure) == 0 with input as doc("cuic-a", 8444)
}

test_unsure_without_a_folder if count(rule.unsure) == 1 with input as doc("", 8444)

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
