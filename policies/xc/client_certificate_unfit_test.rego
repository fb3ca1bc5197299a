package policies.xc.client_certificate_unfit_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.client_certificate_unfit as rule

doc(uses, fields) := {"certchain": [object.union(
	trust.record("edge/rp-a", [fixture.certificate("ee11", {"ext_key_usage": uses, "has_ext_key_usage": count(uses) > 0, "source": trust.file("rp-a/tree/ssl/desk.pem")})], [], []),
	{"configured": [object.union(
		{"directive": "proxy_ssl_certificate", "path": "ssl/desk.pem", "read": true, "reason": "", "certificates": ["ee11"], "source": fixture.at(fixture.conf, 20, "explicit")},
		fields,
	)]},
)]}

test_fires_on_a_certificate_for_servers if {
	some f in rule.findings with input as doc(["serverAuth"], {})
	{s.artifact | some s in f.sources} == {fixture.conf, "rp-a/tree/ssl/desk.pem"}
}

test_silent_with_both_or_no_uses if {
	count(rule.findings) == 0 with input as doc(["serverAuth", "clientAuth"], {})
	count(rule.findings) == 0 with input as doc([], {})
	count(rule.subjects) == 1 with input as doc([], {})
}

test_silent_on_what_browsers_see if count(rule.subjects) == 0 with input as doc(["serverAuth"], {"directive": "ssl_certificate"})

test_unsure_when_not_read if {
	count(rule.unsure) == 1 with input as doc(["serverAuth"], {"read": false, "reason": "outside of the tree"})
	count(rule.findings) == 0 with input as doc(["serverAuth"], {"read": false, "reason": "outside of the tree"})
}
