package policies.tls.configured_suite_without_forward_secrecy_test

import data.policies.lib.fixture
import data.policies.tls.configured_suite_without_forward_secrecy as rule

doc(ciphers) := fixture.single([fixture.setting("ssl_ciphers", [ciphers], 15)], [])

keys(ciphers) := got if got := {f.key | some f in rule.findings} with input as doc(ciphers)

test_fires_on_full_names if {
	keys("ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:AES256-GCM-SHA384:TLS_RSA_WITH_AES_128_CBC_SHA") == {"AES128-SHA", "AES256-GCM-SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA"}
}

test_fires_on_groups_that_hold_the_exchange if {
	keys("HIGH:!aNULL:!MD5") == {"HIGH"}
	keys("kRSA+AESGCM:ECDHE+AESGCM") == {"kRSA+AESGCM"}
}

test_silent_on_ephemeral_keys if {
	every list in ["EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH", "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:TLS_AES_128_GCM_SHA256"] {
		keys(list) == set()
		count(rule.unsure) == 0 with input as doc(list)
		count(rule.subjects) == 1 with input as doc(list)
	}
}

test_silent_when_the_exchange_is_excluded if {
	keys("HIGH:!aNULL:!kRSA") == set()
	keys("HIGH:AES128-SHA:!RSA") == set()
}

test_silent_on_broken_suites_which_another_rule_reports if keys("RC4-SHA:kRSA+RC4") == set()

test_unsure_when_a_command_overrules_it if {
	d := fixture.single([fixture.setting("ssl_ciphers", ["AES128-SHA"], 15), fixture.inherited("ssl_conf_command", ["CipherString", "ALL"], 6)], [])
	count(rule.unsure) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_when_computed if {
	computed := object.union(fixture.setting("ssl_ciphers", ["$list"], 15), {"has_variables": true})
	count(rule.unsure) == 1 with input as fixture.single([computed], [])
}
