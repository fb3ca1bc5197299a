package policies.xc.map_server_untrusted_test

import data.policies.lib.fixture
import data.policies.xc.map_server_untrusted as rule

server := {"known": true, "host": "map.corp.example", "port": 443, "certificates": ["aa11"], "source": fixture.seen("map.corp.example", 443)}

doc(map_server, uri, store) := {
	"site": fixture.site,
	"certchain": [{
		"target": "site", "certificates": [fixture.certificate("aa11", {"common_name": "map.corp.example"})], "chains": [], "keys": [], "trusts": [],
		"configured": [], "map_server": map_server, "source": fixture.at("site.yaml", 1, "declared"),
	}],
	"vos": [fixture.vos("node/fin-a", {"trust_certificates": store, "config_uris": fixture.list([uri], 20)})],
}

uri := "https://map.corp.example/proxymap.txt"

root_only := fixture.store(["tomcat-trust/Corp_Root.pem: Corp Root"])

test_fires_when_it_is_not_listed if {
	some f in rule.findings with input as doc(server, uri, root_only)
	f.message == "neither the certificate of the map server (map.corp.example) nor its issuer CN=Example Issuing CA is in tomcat-trust"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", ""}
}

test_silent_when_its_issuer_is_listed if {
	d := doc(object.union(server, {"host": ""}), uri, fixture.store(["tomcat-trust/Example_Issuing_CA.pem: x"]))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_without_tls if count(((rule.subjects | rule.findings) | rule.unsure)) == 0 with input as doc(server, "http://map.corp.example/proxymap.txt", root_only)

test_unsure_without_a_store if count(rule.unsure) == 1 with input as doc(server, uri, fixture.no_store)

test_unsure_about_another_server if count(rule.unsure) == 1 with input as doc(server, "https://other.corp.example/proxymap.txt", root_only)

test_unsure_without_the_certificate if {
	count(rule.unsure) == 1 with input as doc(object.union(server, {"known": false, "certificates": []}), uri, root_only)
}
