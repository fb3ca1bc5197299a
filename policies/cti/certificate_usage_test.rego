package policies.cti.certificate_usage_test

import data.policies.cti.certificate_usage as rule
import data.policies.lib.trust_fixture as trust

test_fires_on_a_gateway_for_servers_only if {
	d := trust.cti_trust({"ext_key_usage": ["serverAuth"]}, {})
	{f.key | some f in rule.findings} == {"9a7e client"} with input as d
	{f.subject | some f in rule.findings} == {"cti/CG1-a"} with input as d
}

test_fires_on_a_finesse_for_clients_only if {
	{f.key | some f in rule.findings} == {"aa11 server"} with input as trust.cti_trust({}, {"ext_key_usage": ["clientAuth"]})
}

test_silent_with_both_or_none if {
	count(rule.findings) == 0 with input as trust.cti_trust({}, {"has_ext_key_usage": false, "ext_key_usage": []})
	count(rule.unsure) == 0 with input as trust.cti_trust({}, {})
	rule.subjects == {"cti/CG1-a", "node/fin-a"} with input as trust.cti_trust({}, {})
}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as trust.cti({}, {})
