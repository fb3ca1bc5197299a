package policies.xc.referer_missing_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.referer_missing as rule

doc(items) := object.union(
	g.doc([g.items("NGX_VALID_REFERRERS", items)]),
	{"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("ld-a.corp.example:12005", "ld.agents.example:12005", 4)])},
)

test_fires_on_a_missing_host if {
	some f in rule.findings with input as doc(["sso.example"])
	f.key == "core.env desk-a.agents.example"
	f.fix == `NGX_VALID_REFERRERS="sso.example|desk-a.agents.example"`
	{s.artifact | some s in f.sources} == {"rp-a/envs/core.env", "proxymap.txt"}
}

test_fires_on_another_case_and_on_the_identity_provider if {
	{f.key | some f in rule.findings} == {"core.env desk-a.agents.example", "core.env sso.example"} with input as doc(["Desk-A.agents.example"])
}

test_silent_when_all_are_there if {
	rule.subjects == {"edge/rp-a"} with input as doc(["desk-a.agents.example:8445", "sso.example"])
	count(rule.findings) == 0 with input as doc(["desk-a.agents.example:8445", "sso.example"])
	count(rule.findings) == 0 with input as doc(["*.agents.example", "sso.example"])
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_VALID_REFERRERS")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
