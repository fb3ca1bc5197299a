package policies.cert.request_names_differ_test

import data.policies.cert.request_names_differ as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

request(fields) := object.union(
	{
		"subject": "node/uccx-a/request/tomcat.csr", "unit": "tomcat", "dns_names": ["uccx-a.corp.example"], "has_alt_names": true,
		"certificate": "aa11", "same_key": fixture.known(true), "source": trust.file("uccx-a/certs/tomcat.csr"),
	},
	fields,
)

doc(fields, names) := {"certchain": [object.union(
	trust.record("node/uccx-a", [trust.node_certificate("uccx-a", "aa11", {"dns_names": names})], [], []),
	{"requests": [request(fields)]},
)]}

test_fires_when_the_authority_adds_www if {
	some f in rule.findings with input as doc({}, ["uccx-a.corp.example", "www.uccx-a.corp.example"])
	f.key == "added www.uccx-a.corp.example"
	count(f.sources) == 2
}

test_fires_when_the_authority_drops_a_name if {
	keys := {f.key | some f in rule.findings} with input as doc({"dns_names": ["uccx-a.corp.example", "corp.example"]}, ["uccx-a.corp.example"])
	keys == {"lost corp.example"}
}

test_silent_when_equal_in_any_case if {
	count(rule.findings) == 0 with input as doc({}, ["UCCX-A.corp.example"])
	count(rule.unsure) == 0 with input as doc({}, ["UCCX-A.corp.example"])
	count(rule.subjects) == 1 with input as doc({}, ["UCCX-A.corp.example"])
}

test_silent_when_the_request_leaves_the_names_to_the_authority if {
	d := doc({"dns_names": [], "has_alt_names": false}, ["uccx-a.corp.example", "www.uccx-a.corp.example"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_a_request_without_a_certificate if count(rule.subjects) == 0 with input as doc({"certificate": ""}, [])

test_unsure_when_the_key_is_another if count(rule.unsure) == 1 with input as doc({"same_key": fixture.known(false)}, ["x.corp.example"])
