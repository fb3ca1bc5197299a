package policies.cert.missing_server_auth_test

import data.policies.cert.missing_server_auth as rule
import data.policies.lib.fixture

test_fires_on_a_client_certificate if {
	some f in rule.findings with input as fixture.leaf({"ext_key_usage": ["clientAuth"]})
	f.key == "serverAuth"
}

test_silent_with_server_auth if {
	count(rule.findings) == 0 with input as fixture.leaf({"ext_key_usage": ["clientAuth", "serverAuth"]})
	count(rule.subjects) == 1 with input as fixture.leaf({})
}

test_silent_without_any_limit_of_use if count(rule.findings) == 0 with input as fixture.leaf({"has_ext_key_usage": false, "ext_key_usage": []})

test_silent_on_any_use if count(rule.findings) == 0 with input as fixture.leaf({"ext_key_usage": ["any"]})

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
