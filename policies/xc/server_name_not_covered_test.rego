package policies.xc.server_name_not_covered_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.server_name_not_covered as rule

certificate(names) := fixture.certificate("aa11", {"place": "file", "dns_names": names, "source": trust.file("rp-a/tree/ssl/desk.pem")})

edge(names, files) := object.union(trust.record("edge/rp-a", [certificate(names)], [], []), {"configured": files})

file(fields) := object.union(
	{"directive": "ssl_certificate", "path": "ssl/desk.pem", "read": true, "reason": "", "certificates": ["aa11"], "source": fixture.at(fixture.conf, 14, "explicit")},
	fields,
)

doc(names, settings, files) := object.union(fixture.single(settings, []), {
	"certchain": [edge(names, files)],
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
})

sound := [fixture.setting("ssl_certificate", ["ssl/desk.pem"], 14)]

test_fires_on_the_certificate_of_another_name if {
	some f in rule.findings with input as doc(["desk-b.agents.example"], sound, [file({})])
	f.key == "ssl/desk.pem desk-a.agents.example"
	{s.artifact | some s in f.sources} == {fixture.conf, "rp-a/tree/ssl/desk.pem"}
}

test_fires_on_a_mapped_host_behind_a_wildcard if {
	s := object.union(fixture.server("x", 8445, sound, []), {"names": [fixture.named(".agents.example", "dot")]})
	d := object.union(doc(["*.elsewhere.example"], sound, [file({})]), {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])]})
	{f.key | some f in rule.findings} == {"ssl/desk.pem desk-a.agents.example", "ssl/desk.pem agents.example"} with input as d
}

test_silent_when_covered if {
	d := doc(["desk-a.agents.example"], sound, [file({})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_when_the_file_was_not_read if {
	count(rule.unsure) == 1 with input as doc([], sound, [file({"read": false, "reason": "outside"})])
	count(rule.unsure) == 1 with input as doc([], sound, [])
}

test_unsure_when_computed if {
	computed := [object.union(fixture.setting("ssl_certificate", ["ssl/$ssl_server_name.pem"], 14), {"has_variables": true})]
	some u in rule.unsure with input as doc([], computed, [])
	contains(u.reason, "depends on the request")
}
