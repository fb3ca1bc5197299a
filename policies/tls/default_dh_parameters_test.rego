package policies.tls.default_dh_parameters_test

import data.policies.lib.fixture
import data.policies.tls.default_dh_parameters as rule

doc(ciphers, dhparam) := fixture.single([fixture.setting("ssl_ciphers", [ciphers], 15), dhparam], [])

none := fixture.preset("ssl_dhparam", ["none"])

test_fires_on_named_dhe_without_parameters if {
	some f in rule.findings with input as doc("EECDH+AESGCM:EDH+AESGCM", none)
	f.key == "ssl_dhparam"
	count(f.sources) == 2
}

test_fires_on_a_full_name if {
	count(rule.findings) == 1 with input as doc("DHE-RSA-AES128-GCM-SHA256", none)
}

test_silent_with_parameters if {
	d := doc("EDH+AESGCM", fixture.setting("ssl_dhparam", ["ssl/dhparam.pem"], 17))
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_when_only_wide_words_are_used if {
	count(rule.subjects) == 0 with input as doc("HIGH:!aNULL", none)
}

test_silent_when_dhe_is_excluded if {
	count(rule.subjects) == 0 with input as doc("DHE-RSA-AES128-GCM-SHA256:!DHE", none)
}

test_unsure_when_ssl_dhparam_is_absent if {
	count(rule.unsure) == 1 with input as fixture.single([fixture.setting("ssl_ciphers", ["EDH"], 15)], [])
}

command(args) := fixture.inherited("ssl_conf_command", args, 6)

test_unsure_when_a_command_names_suites_or_parameters if {
	every args in [["CipherString", "EDH+AESGCM"], ["DHParameters", "ssl/dh.pem"]] {
		every ciphers in ["HIGH:!aNULL", "EDH+AESGCM"] {
			d := fixture.single([fixture.setting("ssl_ciphers", [ciphers], 15), none, command(args)], [])
			count(rule.unsure) == 1 with input as d
			count(rule.findings) == 0 with input as d
		}
	}
}
