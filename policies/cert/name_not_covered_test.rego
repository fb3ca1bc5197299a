package policies.cert.name_not_covered_test

import data.policies.cert.name_not_covered as rule
import data.policies.lib.fixture

doc(host, names) := {"certchain": fixture.certchain([fixture.certificate("aa11", {"dns_names": names})], [fixture.chain(["aa11"], {"host": host})])}

fires(host, names) if count(rule.findings) == 1 with input as doc(host, names)

test_fires_on_another_name if {
	some f in rule.findings with input as doc("desk-b.agents.example", ["desk-a.agents.example"])
	f.key == "desk-b.agents.example"
	count(f.sources) >= 1
}

test_fires_where_a_wildcard_does_not_reach if {
	fires("a.b.agents.example", ["*.agents.example"])
	fires("agents.example", ["*.agents.example"])
	fires("xagents.example", ["*.agents.example"])
}

test_fires_without_any_name if fires("desk-a.agents.example", [])

test_silent_on_an_exact_name_in_any_case if {
	d := doc("Desk-A.agents.example", ["x.example", "DESK-a.agents.example"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_a_wildcard_of_one_label if count(rule.findings) == 0 with input as doc("desk-a.agents.example", ["*.agents.example"])

test_silent_on_an_address if {
	d := {"certchain": fixture.certchain([fixture.certificate("aa11", {"ip_addresses": ["203.0.113.10"]})], [fixture.chain(["aa11"], {"host": "203.0.113.10"})])}
	count(rule.findings) == 0 with input as d
}

test_unsure_when_the_leaf_is_unread if {
	count(rule.unsure) == 1 with input as {"certchain": fixture.certchain([], [fixture.chain(["aa11"], {})])}
}
