package policies.cert.sample_name_test

import data.policies.cert.sample_name as rule
import data.policies.lib.fixture

leaf(fields) := object.union(fixture.leaf(fields), {"profile": {"parameters": {"samples": {"certificate_names": ["*.cisco.com"], "organizational_units": ["CCBU"]}}}})

test_fires_on_the_sample_common_name if {
	some f in rule.findings with input as leaf({"common_name": "*.cisco.com"})
	f.key == "name"
}

test_fires_on_the_sample_alternative_name if count(rule.findings) == 1 with input as leaf({"dns_names": ["*.Cisco.com"]})

test_fires_on_the_sample_organisation if {
	some f in rule.findings with input as leaf({"subject_name": "CN=desk-a.agents.example,OU=CCBU,O=Cisco"})
	f.key == "organisation"
}

test_silent_on_own_names if {
	count(rule.findings) == 0 with input as leaf({})
	count(rule.subjects) == 1 with input as leaf({})
}

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
