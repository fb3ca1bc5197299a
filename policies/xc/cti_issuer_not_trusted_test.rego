package policies.xc.cti_issuer_not_trusted_test

import data.policies.lib.trust_fixture as trust
import data.policies.xc.cti_issuer_not_trusted as rule

test_fires_on_a_gateway_of_another_root if {
	d := trust.cti_trust({"issuer_name": "CN=Other Root"}, {})
	some f in rule.findings with input as d
	f.subject == "cti/CG1-a"
	contains(f.message, "node/fin-a")
	count({s.artifact | some s in f.sources}) == 2
}

test_fires_on_a_finesse_that_the_gateway_cannot_verify if {
	{f.key | some f in rule.findings} == {"gateway node/fin-a aa11"} with input as trust.cti_trust({}, {"issuer_name": "CN=Other Root"})
}

test_silent_with_one_root_for_both if {
	count(rule.findings) == 0 with input as trust.cti_trust({}, {})
	count(rule.unsure) == 0 with input as trust.cti_trust({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti_trust({}, {})
}

test_unsure_without_certificates if {
	reasons := {u.reason | some u in rule.unsure} with input as trust.cti({}, {})
	reasons == {"no certificate of the gateway is known", "the trust list of node/fin-a is not known"}
}

test_unsure_without_a_finesse if {
	d := object.union(trust.cti_trust({}, {}), {"site": trust.site([])})
	count(rule.unsure) == 1 with input as d
}
