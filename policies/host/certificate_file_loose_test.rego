package policies.host.certificate_file_loose_test

import data.policies.host.certificate_file_loose as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

key := "/usr/local/openresty/nginx/conf/ssl/desk-a.crt"

doc(files) := object.union(fixture_host.doc({"files": files}, {}), {"nginxrules": [fixture.nginx([server], [])]})

server := fixture.server("desk-a.agents.example", 8445, [fixture.setting("ssl_certificate", ["ssl/desk-a.crt"], 14), fixture.preset("ssl_dhparam", ["none"])], [])

test_fires_on_a_readable_certificate if {
	some f in rule.findings with input as doc([fixture_host.file(key, "0644", "root", 3)])
	f.key == key
	f.fix == sprintf("chown root:root %s && chmod 0400 %s", [key, key])
	count(f.sources) == 2
}

test_fires_on_a_group_and_on_another_owner if {
	count(rule.findings) == 1 with input as doc([fixture_host.file(key, "0440", "root", 3)])
	count(rule.findings) == 1 with input as doc([fixture_host.file(key, "0400", "nginxuser", 3)])
}

test_fires_on_a_certificate_of_a_location if {
	place := fixture.location("prefix", "/", [fixture.setting("proxy_ssl_certificate", ["/etc/pki/client.crt"], 31)], [])
	d := object.union(fixture_host.doc({"files": [fixture_host.file("/etc/pki/client.crt", "0604", "root", 3)]}, {}), {"nginxrules": [fixture.nginx([fixture.server("a.example", 443, [], [place])], [])]})
	{f.key | some f in rule.findings} == {"/etc/pki/client.crt"} with input as d
}

test_silent_on_tight_files if {
	count(rule.findings) == 0 with input as doc([fixture_host.file(key, "0400", "root", 3)])
	count(rule.findings) == 0 with input as doc([fixture_host.file(key, "0600", "root", 3)])
	count(rule.unsure) == 0 with input as doc([fixture_host.file(key, "0400", "root", 3)])
	count(rule.subjects) == 1 with input as doc([])
}

test_unsure_about_a_file_that_is_not_listed if {
	count(rule.unsure) == 1 with input as doc([])
	count(rule.unsure) == 1 with input as doc([fixture_host.gone(key, 3)])
}
