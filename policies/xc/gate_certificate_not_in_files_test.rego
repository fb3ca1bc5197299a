package policies.xc.gate_certificate_not_in_files_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.gate_certificate_not_in_files as rule

edge(issuer, fields) := object.union(
	trust.record("edge/rp-a", [fixture.certificate("ee11", {"issuer_name": issuer, "place": "file", "source": trust.file("rp-a/tree/ssl/desk.pem")})], [], []),
	{"configured": [object.union(
		{"directive": "proxy_ssl_certificate", "path": "ssl/desk.pem", "read": true, "reason": "", "certificates": ["ee11"], "source": fixture.at(fixture.conf, 20, "explicit")},
		fields,
	)]},
)

doc(records) := {"certchain": records, "site": trust.site([trust.declared("fin-a", "finesse"), trust.declared("cm", "ucm")])}

test_fires_on_an_unknown_authority if {
	some f in rule.findings with input as doc([edge("CN=Public Root", {}), trust.node("fin-a", "aa11")])
	f.subject == "node/fin-a"
	count({s.artifact | some s in f.sources}) == 3
}

test_silent_with_the_root_in_the_list if {
	d := doc([edge("CN=Corp Root", {}), trust.node("fin-a", "aa11")])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_unsure_without_a_list if count(rule.unsure) == 1 with input as doc([edge("CN=Corp Root", {})])

test_unsure_with_a_part_of_a_list if {
	holder := trust.record("node/fin-a", [], [], [object.union(trust.trust_list("fin-a", []), {"complete": false})])
	count(rule.unsure) == 1 with input as doc([edge("CN=Corp Root", {}), holder])
	count(rule.findings) == 0 with input as doc([edge("CN=Corp Root", {}), holder])
}

test_unsure_without_the_file if count(rule.unsure) == 1 with input as doc([edge("CN=Corp Root", {"read": false}), trust.node("fin-a", "aa11")])
