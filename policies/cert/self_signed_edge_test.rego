package policies.cert.self_signed_edge_test

import data.policies.cert.self_signed_edge as rule
import data.policies.lib.fixture

test_fires_on_a_self_signed_leaf if {
	some f in rule.findings with input as fixture.leaf({"self_signed": true})
	f.subject == "cert/aa11"
}

test_fires_once_when_served_and_kept_as_a_file if {
	served := fixture.certificate("aa11", {"self_signed": true})
	file := fixture.certificate("aa11", {"self_signed": true, "place": "file", "source": fixture.at("rp-a/certs/nginx.crt", 1, "explicit")})
	some f in rule.findings with input as {"certchain": fixture.certchain([served, file], [fixture.chain(["aa11"], {})])}
	count(f.sources) == 2
}

test_silent_on_a_signed_leaf if {
	count(rule.findings) == 0 with input as fixture.leaf({})
	count(rule.subjects) == 1 with input as fixture.leaf({})
}

test_silent_on_the_root_at_the_end_of_a_chain if {
	d := {"certchain": fixture.certchain([fixture.certificate("aa11", {}), fixture.certificate("bb22", {"self_signed": true, "ca": true})], [fixture.chain(["aa11", "bb22"], {})])}
	count(rule.findings) == 0 with input as d
}

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
