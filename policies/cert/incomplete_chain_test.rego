package policies.cert.incomplete_chain_test

import data.policies.cert.incomplete_chain as rule
import data.policies.lib.fixture

doc(digests, fields) := {"certchain": fixture.certchain([], [fixture.chain(digests, fields)])}

test_fires_when_the_intermediate_is_missing if {
	some f in rule.findings with input as doc(["aa11"], {"complete": false, "trusted": fixture.known(false), "reason": "no issuer found"})
	f.key == "incomplete"
	f.witness.kind == "chain"
}

test_fires_on_wrong_order if {
	keys := {f.key | some f in rule.findings} with input as doc(["aa11", "cc33", "bb22"], {"ordered": false})
	keys == {"order"}
}

test_silent_on_a_complete_chain if {
	count(rule.subjects) == 1 with input as doc(["aa11", "bb22"], {})
	count(rule.findings) == 0 with input as doc(["aa11", "bb22"], {})
	count(rule.unsure) == 0 with input as doc(["aa11", "bb22"], {})
}

test_silent_on_chains_of_nodes if {
	d := {"certchain": [object.union(fixture.certchain([], [fixture.chain(["aa11"], {"complete": false})])[0], {"target": "node/fin-a"})]}
	count(rule.subjects) == 0 with input as d
}

test_unsure_without_declared_roots if {
	d := doc(["aa11", "bb22"], {"complete": false, "trusted": fixture.unknown(false)})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_about_an_empty_chain if {
	some u in rule.unsure with input as doc([], {})
	contains(u.reason, "no certificate")
}
