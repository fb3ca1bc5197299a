package policies.filter.referer_undeclared_test

import data.policies.filter.referer_undeclared as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g

map := {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "Desk-A.agents.example:8445", 3)])}

installed(hosts) := object.union(g.doc([g.items("NGX_VALID_REFERRERS", hosts)]), map)

configured(args) := object.union(
	fixture.single([fixture.setting("valid_referers", args, 15)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])]),
	map,
)

test_fires_on_a_host_that_nobody_knows if {
	some f in rule.findings with input as installed(["desk-a.agents.example", "demo.partner.example"])
	f.subject == "edge/rp-a"
	f.fix == "Remove demo.partner.example from NGX_VALID_REFERRERS in core.env."
	count(rule.findings) == 1 with input as installed(["desk-a.agents.example", "demo.partner.example"])
}

test_fires_on_a_domain_that_nobody_knows if count(rule.findings) == 1 with input as installed(["*.partner.example"])

test_fires_on_the_directive if {
	some f in rule.findings with input as configured(["none", "server_names", "demo.partner.example/desktop/"])
	f.subject == "edge/rp-a/server/desk-a.agents.example:8445"
	f.sources[0].line == 15
}

test_silent_on_hosts_of_the_map_and_the_site if {
	d := installed(["Desk-A.agents.example:8445", "sso.example", "*.agents.example"])
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings | rule.unsure) == 0 with input as configured(["none", "blocked", "server_names", "desk-a.agents.example"])
}

test_silent_on_every_host_which_is_another_matter if count(rule.findings) == 0 with input as installed(["*", "*.example"])

test_unsure_about_a_pattern if count(rule.unsure) == 1 with input as configured([`~\.partner\.`])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
