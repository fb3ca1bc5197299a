package policies.xc.upstream_not_trusted_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.upstream_not_trusted as rule

edge(digests, fields) := object.union(
	trust.record("edge/rp-a", [], [], []),
	{"configured": [object.union(
		{"directive": "proxy_ssl_trusted_certificate", "path": "ssl/ca.pem", "read": true, "reason": "", "certificates": digests, "source": fixture.at(fixture.conf, 20, "explicit")},
		fields,
	)]},
)

doc(edge_record, records) := object.union(fixture.single([fixture.setting("proxy_ssl_trusted_certificate", ["ssl/ca.pem"], 20)], []), {
	"certchain": array.concat([edge_record], records),
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"site": trust.site([trust.declared("fin-a", "finesse")]),
})

sound := [trust.node("fin-a", "aa11")]

test_fires_on_another_root if {
	some f in rule.findings with input as doc(edge(["0the"], {}), sound)
	f.subject == "edge/rp-a/server/desk-a.agents.example:8445"
	{s.artifact | some s in f.sources} == {fixture.conf, "fin-a/certs/tomcat.pem"}
}

test_fires_on_an_intermediate_alone if {
	above := object.union(trust.root("edge/rp-a", "m1dd", "Issuing"), {"self_signed": false, "issuer_name": "CN=Corp Root"})
	node := trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", {"issuer_name": "CN=Issuing"}), above], [trust.node_chain("fin-a", "aa11", {})], [])
	count(rule.findings) == 1 with input as doc(edge(["m1dd"], {}), [node])
}

test_silent_with_the_root if {
	d := doc(edge(["r00t"], {}), sound)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_when_the_file_was_not_read if count(rule.unsure) == 1 with input as doc(edge([], {"read": false}), sound)

test_unsure_without_a_certificate_of_the_node if count(rule.unsure) == 1 with input as doc(edge(["r00t"], {}), [])
