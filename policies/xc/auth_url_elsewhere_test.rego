package policies.xc.auth_url_elsewhere_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.auth_url_elsewhere as rule

nodes := [
	fixture.node("fin-a", "finesse", "fin-a.corp.example"), fixture.node("cuic-a", "cuic", "cuic-a.corp.example"),
	object.union(fixture.node("fin-x", "finesse", "fin-x.corp.example"), {"cluster": "apac"}),
]

server(name, port, host) := fixture.server(name, port, [], [fixture.location("prefix", "/", [], [fixture.forward(host, port)])])

doc(authority) := gate(authority, [])

gate(authority, more) := object.union(g.doc([]), {
	"site": object.union(g.site, {"nodes": nodes}),
	"nginxrules": [fixture.nginx(servers, [fixture.socket(8445, servers, true)])],
	"env": [g.record([g.core], [g.host("finesse.env", "finesse", "NGX_FIN_HOSTNAME", "fin-a.corp.example"), g.url("NGX_AUTH_URL", "https", authority, "/finesse/api/UserAuth")])],
}) if {
	servers := [
		server("desk-a.agents.example", 8445, "fin-a.corp.example"),
		fixture.server("desk-a.agents.example", 8444, [], array.concat([fixture.location("prefix", "/", [], [fixture.forward("cuic-a.corp.example", 8444)])], more)),
		server("desk-x.agents.example", 443, "fin-x.corp.example"),
	]
}

keys(authority) := got if got := {f.key | some f in rule.findings} with input as doc(authority)

test_fires_on_another_gate if {
	keys("desk.other.example:8445") == {"finesse.env server"}
	some f in rule.findings with input as doc("desk.other.example:8445")
	{s.artifact | some s in f.sources} == {"rp-a/envs/finesse.env", "rp-a/nginx.conf"}
}

test_fires_on_another_product if keys("desk-a.agents.example:8444") == {"finesse.env product"}

test_fires_where_the_other_product_asks_finesse_itself_for_credentials if {
	asks := object.union(fixture.location("exact", "/authenticate", [], [fixture.forward("fin-a.corp.example", 8445)]), {"internal": true})
	{f.key | some f in rule.findings} == {"finesse.env product"} with input as gate("desk-a.agents.example:8444", [asks])
}

test_fires_on_another_cluster if keys("desk-x.agents.example") == {"finesse.env cluster"}

test_silent_on_its_own_finesse if {
	keys("desk-a.agents.example:8445") == set()
	rule.subjects == {"edge/rp-a"} with input as doc("desk-a.agents.example:8445")
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_AUTH_URL")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
