package policies.cert.encoding_defect_test

import data.policies.cert.encoding_defect as rule
import data.policies.lib.fixture

lint(name, status) := {"name": name, "status": status, "source": "RFC5280", "citation": "RFC 5280: 4.1.2.2", "details": ""}

test_fires_on_error_and_fatal if {
	{f.key | some f in rule.findings} == {"e_serial_number_longer_than_20_octets", "e_x"} with input as fixture.leaf({"lints": [lint("e_serial_number_longer_than_20_octets", "error"), lint("e_x", "fatal"), lint("w_y", "warn")]})
}

test_fires_once_for_two_places if {
	one := fixture.certificate("aa11", {"lints": [lint("e_x", "error")]})
	two := fixture.certificate("aa11", {"lints": [lint("e_x", "error")], "place": "file", "source": fixture.at("rp-a/certs/nginx.crt", 1, "explicit")})
	some f in rule.findings with input as {"certchain": fixture.certchain([one, two], [fixture.chain(["aa11"], {})])}
	count(f.sources) == 2
}

test_silent_on_warnings if {
	count(rule.findings) == 0 with input as fixture.leaf({"lints": [lint("w_y", "warn"), lint("n_z", "info")]})
	count(rule.subjects) == 1 with input as fixture.leaf({})
}

test_silent_on_intermediates if {
	d := {"certchain": fixture.certchain([fixture.certificate("aa11", {}), fixture.certificate("bb22", {"lints": [lint("e_x", "error")]})], [fixture.chain(["aa11", "bb22"], {})])}
	count(rule.findings) == 0 with input as d
}

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
