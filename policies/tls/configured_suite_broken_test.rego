package policies.tls.configured_suite_broken_test

import data.policies.lib.fixture
import data.policies.tls.configured_suite_broken as rule

doc(ciphers) := fixture.single([fixture.setting("ssl_ciphers", [ciphers], 15)], [])

keys(ciphers) := got if got := {f.key | some f in rule.findings} with input as doc(ciphers)

reasons(ciphers) := got if got := {u.reason | some u in rule.unsure} with input as doc(ciphers)

test_fires_on_named_words if keys("HIGH:RC4:3DES:!aNULL") == {"RC4", "3DES"}

test_fires_on_full_names if keys("ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA:ADH-AES256-SHA") == {"RC4-SHA", "ADH-AES256-SHA"}

test_fires_on_a_joined_word if keys("kRSA+RC4") == {"kRSA+RC4"}

test_fires_once_on_a_word_of_two_broken_parts if keys("RC4+MD5:!aNULL") == {"RC4+MD5"}

test_silent_when_a_part_of_the_word_is_excluded if keys("RC4+MD5:!aNULL:!MD5") == set()

test_fires_with_commas_and_blanks if keys("HIGH,eNULL !aNULL") == {"eNULL"}

test_fires_at_the_line_that_says_so if {
	some f in rule.findings with input as doc("RC4-MD5")
	f.sources[0].line == 15
}

test_silent_on_the_vendor_default if {
	keys("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH") == set()
	reasons("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH") == set()
}

test_silent_on_the_nginx_default if {
	keys("HIGH:!aNULL:!MD5") == set()
	reasons("HIGH:!aNULL:!MD5") == set()
}

test_silent_when_the_word_is_excluded_later if {
	keys("HIGH:RC4:ADH:!aNULL:!RC4") == set()
	keys("HIGH:RC4-SHA:!aNULL:!RC4") == set()
}

test_silent_on_modern_names if {
	keys("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256") == set()
	reasons("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256") == set()
}

test_silent_on_sockets_of_the_host_itself if {
	s := object.union(fixture.server("status", 10001, [fixture.setting("ssl_ciphers", ["RC4"], 15)], []), {})
	socket := object.union(fixture.socket(10001, [s], true), {"loopback": true, "address": "127.0.0.1"})
	count(rule.subjects) == 0 with input as {"nginxrules": [fixture.nginx([s], [socket])]}
}

test_unsure_about_authentication if count(reasons("HIGH:!MD5")) == 1

test_unsure_about_unknown_words if {
	some reason in reasons("HIGH:!aNULL:FANCY")
	contains(reason, "FANCY")
}

test_unsure_about_removal if count(reasons("HIGH:!aNULL:-AES128")) == 1

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])

command(args) := fixture.inherited("ssl_conf_command", args, 6)

test_unsure_when_a_command_overrules_ssl_ciphers if {
	every args in [["CipherString", "ALL:RC4"], ["Ciphersuites", "TLS_AES_256_GCM_SHA384"]] {
		d := fixture.single([fixture.setting("ssl_ciphers", ["HIGH:!aNULL"], 15), command(["Options", "PrioritizeChaCha"]), command(args)], [])
		count(rule.unsure) == 1 with input as d
	}
}

test_silent_beside_a_command_about_something_else if {
	d := fixture.single([fixture.setting("ssl_ciphers", ["HIGH:!aNULL"], 15), command(["MinProtocol", "TLSv1.2"])], [])
	count(rule.unsure) == 0 with input as d
}

test_silent_on_words_that_only_sort if {
	keys("ECDHE+AESGCM:+SHA:@STRENGTH:@SECLEVEL=2") == set()
	reasons("ECDHE+AESGCM:+SHA:@STRENGTH:@SECLEVEL=2") == set()
}

test_silent_when_both_anonymous_groups_are_excluded if reasons("HIGH:!ADH:!AECDH") == set()

test_unsure_when_computed_or_unresolved if {
	computed := object.union(fixture.setting("ssl_ciphers", ["$list"], 15), {"has_variables": true})
	count(rule.unsure) == 1 with input as fixture.single([computed], [])
	count(rule.unsure) == 1 with input as fixture.single([fixture.unresolved("ssl_ciphers")], [])
}
