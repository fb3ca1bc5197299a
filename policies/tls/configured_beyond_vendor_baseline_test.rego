package policies.tls.configured_beyond_vendor_baseline_test

import data.policies.lib.fixture
import data.policies.tls.configured_beyond_vendor_baseline as rule

doc(settings) := object.union(fixture.single(settings, []), {"profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"], "http": {"strict_tls_versions": ["TLSv1.2"]}}}})

protocols(args) := fixture.setting("ssl_protocols", args, 15)

test_fires_on_tls13 if {
	some f in rule.findings with input as doc([protocols(["TLSv1.2", "TLSv1.3"])])
	f.key == "TLSv1.3"
}

test_silent_on_tls12_alone if {
	count(rule.findings) == 0 with input as doc([protocols(["TLSv1.2"])])
	count(rule.unsure) == 0 with input as doc([protocols(["TLSv1.2"])])
}

test_silent_on_retired_versions_which_are_another_matter if count(rule.findings) == 0 with input as doc([protocols(["TLSv1", "TLSv1.2"])])

test_unsure_when_unknown if {
	count(rule.unsure) == 1 with input as doc([])
	count(rule.unsure) == 1 with input as doc([fixture.unresolved("ssl_protocols")])
}

test_unsure_when_a_command_overrules if {
	count(rule.unsure) == 1 with input as doc([protocols(["TLSv1.2"]), fixture.setting("ssl_conf_command", ["MinProtocol", "TLSv1.2"], 4)])
}
