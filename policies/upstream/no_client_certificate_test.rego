package policies.upstream.no_client_certificate_test

import data.policies.lib.fixture
import data.policies.upstream.no_client_certificate as rule

doc(settings) := fixture.single(settings, [
	fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)]),
	fixture.location("prefix", "/ws", [], [fixture.forward("fin-a.corp.example", 8445)]),
])

certificate := fixture.setting("proxy_ssl_certificate", ["ssl/desk-a.pem"], 21)

key := fixture.setting("proxy_ssl_certificate_key", ["ssl/desk-a.key"], 22)

test_fires_once_for_all_locations if {
	{f.key | some f in rule.findings} == {"proxy_ssl_certificate", "proxy_ssl_certificate_key"} with input as doc([])
}

test_fires_on_an_emptied_certificate if count(rule.findings) == 1 with input as doc([fixture.setting("proxy_ssl_certificate", [""], 21), key])

test_fires_on_a_missing_key if count(rule.findings) == 1 with input as doc([certificate])

test_silent_with_both if {
	count(rule.subjects) == 1 with input as doc([certificate, key])
	count(rule.findings) == 0 with input as doc([certificate, key])
}
