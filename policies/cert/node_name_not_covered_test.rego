package policies.cert.node_name_not_covered_test

import data.policies.cert.node_name_not_covered as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(fields) := {
	"certchain": [trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", fields)], [trust.node_chain("fin-a", "aa11", {})], [])],
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

test_fires_on_the_short_name if {
	some f in rule.findings with input as doc({"dns_names": ["fin-a"]})
	f.subject == "node/fin-a"
	{s.artifact | some s in f.sources} == {"fin-a/certs/tomcat.pem", "site.yaml"}
	f.fix == "Run on fin-a: set csr gen tomcat; have the request signed with fin-a.corp.example as an alternative name, then run: set cert import own tomcat"
}

test_names_the_unit_of_the_other_kind_of_key if {
	record := trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", {"dns_names": ["fin-a"]})], [trust.node_chain("fin-a", "aa11", {"unit": "tomcat-ECDSA"})], [])
	some f in rule.findings with input as object.union(doc({}), {"certchain": [record]})
	startswith(f.fix, "Run on fin-a: set csr gen tomcat-ECDSA;")
}

test_fires_on_a_common_name_alone if count(rule.findings) == 1 with input as doc({"dns_names": []})

test_silent_with_the_full_name_or_a_wildcard if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.findings) == 0 with input as doc({"dns_names": ["*.corp.example"]})
	count(rule.unsure) == 0 with input as doc({})
}

test_silent_with_the_address_that_is_its_host if {
	d := object.union(doc({"dns_names": [], "ip_addresses": ["10.1.0.11"]}), {"site": trust.site([fixture.node("fin-a", "finesse", "10.1.0.11")])})
	count(rule.findings) == 0 with input as d
}

test_unsure_without_a_certificate if {
	some u in rule.unsure with input as {"certchain": [], "site": trust.site([trust.declared("fin-a", "finesse")])}
	contains(u.reason, "no certificate")
}

test_unsure_without_a_host if {
	some u in rule.unsure with input as object.union(doc({}), {"site": trust.site([fixture.node("fin-a", "finesse", "")])})
	contains(u.reason, "no host")
}

test_unsure_about_a_certificate_that_no_record_describes if {
	d := object.union(doc({}), {"certchain": [trust.record("node/fin-a", [], [trust.node_chain("fin-a", "dd44", {})], [])]})
	count(rule.unsure) == 1 with input as d
}

test_silent_where_the_site_file_leaves_certificates_out if {
	site := object.union(trust.site([trust.declared("fin-a", "finesse")]), {"out_of_scope": [{"section": "certchain", "target": "*", "reason": "none"}]})
	count(rule.subjects) == 0 with input as {"certchain": [], "site": site}
}
