package policies.xc.gate_certificate_untrusted_test

import data.policies.lib.fixture
import data.policies.xc.gate_certificate_untrusted as rule

gate(fields) := object.union(
	{
		"target": "edge/rp-a", "certificates": [fixture.certificate("aa11", {})], "chains": [fixture.chain(["aa11"], {})], "keys": [], "trusts": [],
		"configured": [], "source": fixture.at("site.yaml", 10, "declared"),
	},
	fields,
)

doc(records, store) := {"site": fixture.site, "vos": [fixture.vos("node/fin-a", {"trust_certificates": store})], "certchain": records}

named := fixture.store(["tomcat-trust/Corp_Root.pem: Corp Root", "tomcat-trust/desk-a.agents.example.pem: x"])

root_only := fixture.store(["tomcat-trust/Corp_Root.pem: Corp Root"])

test_fires_when_no_name_of_it_is_listed if {
	some f in rule.findings with input as doc([gate({})], root_only)
	f.message == "the node lists neither the certificate of edge/rp-a (desk-a.agents.example) nor its issuer CN=Example Issuing CA in tomcat-trust"
	count(f.sources) == 2
}

test_fires_on_the_certificate_for_upstreams if {
	configured := {
		"configured": [{
			"directive": "proxy_ssl_certificate", "path": "ssl/up.pem", "read": true, "reason": "", "certificates": ["bb22"],
			"source": fixture.at("rp-a/nginx.conf", 7, "explicit"),
		}],
		"certificates": [fixture.certificate("aa11", {}), fixture.certificate("bb22", {"common_name": "up"})],
	}
	{f.key | some f in rule.findings} == {"bb22"} with input as doc([gate(configured)], named)
}

test_silent_when_the_list_names_it_or_its_issuer if {
	count(rule.findings | rule.unsure) == 0 with input as doc([gate({})], named)
	count(rule.findings | rule.unsure) == 0 with input as doc([gate({})], fixture.store(["tomcat-trust/Example_Issuing_CA_0123456789ab.pem: CA"]))
	rule.subjects == {"node/fin-a"} with input as doc([gate({})], named)
}

test_unsure_without_a_store if count(rule.unsure) == 1 with input as doc([gate({})], fixture.no_store)

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as doc([], named)
