package policies.cert.common_name_only_test

import data.policies.cert.common_name_only as rule
import data.policies.lib.fixture

test_fires_without_alternative_names if count(rule.findings) == 1 with input as fixture.leaf({"dns_names": []})

test_silent_with_a_dns_name if {
	count(rule.findings) == 0 with input as fixture.leaf({})
	count(rule.subjects) == 1 with input as fixture.leaf({})
}

test_silent_with_an_address if count(rule.findings) == 0 with input as fixture.leaf({"dns_names": [], "ip_addresses": ["203.0.113.10"]})

test_silent_on_intermediates if {
	d := {"certchain": fixture.certchain([fixture.certificate("aa11", {}), fixture.certificate("bb22", {"dns_names": [], "ca": true})], [fixture.chain(["aa11", "bb22"], {})])}
	count(rule.findings) == 0 with input as d
}

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
