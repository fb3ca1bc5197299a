package policies.tls.configured_suite_cbc_test

import data.policies.lib.fixture
import data.policies.tls.configured_suite_cbc as rule

doc(ciphers) := fixture.single([fixture.setting("ssl_ciphers", [ciphers], 15)], [])

keys(ciphers) := got if got := {f.key | some f in rule.findings} with input as doc(ciphers)

test_fires_on_full_names if {
	keys("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:AES128-SHA") == {"ECDHE-RSA-AES256-SHA384", "AES128-SHA"}
}

test_fires_on_groups_without_an_authenticated_cipher if {
	keys("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH") == {"AES256+EECDH", "AES256+EDH"}
	keys("HIGH:!aNULL:!MD5") == {"HIGH"}
}

test_silent_on_authenticated_ciphers if {
	keys("EECDH+AESGCM:ECDHE+CHACHA20:ECDHE-ECDSA-CHACHA20-POLY1305:TLS_AES_128_CCM_SHA256:@STRENGTH") == set()
	count(rule.subjects) == 1 with input as doc("EECDH+AESGCM")
	count(rule.unsure) == 0 with input as doc("EECDH+AESGCM")
}

test_silent_where_the_words_are_excluded if {
	keys("HIGH:!aNULL:!SHA1:!SHA256:!SHA384") == set()
	keys("EECDH+AESGCM:AES128-SHA:!SHA") == set()
}

test_silent_on_broken_suites_which_another_rule_reports if keys("RC4-SHA:DES-CBC3-SHA:RC4") == set()

test_unsure_when_suites_are_taken_away if {
	count(rule.unsure) == 1 with input as doc("HIGH:!aNULL:-AES128")
	keys("HIGH:!aNULL:-AES128") == set()
}

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])
