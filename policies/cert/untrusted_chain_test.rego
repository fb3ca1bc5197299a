package policies.cert.untrusted_chain_test

import data.policies.cert.untrusted_chain as rule
import data.policies.lib.fixture

doc(fields) := {"certchain": fixture.certchain([], [fixture.chain(["aa11", "bb22"], fields)])}

test_fires_on_a_foreign_root if {
	some f in rule.findings with input as doc({"trusted": fixture.known(false), "reason": "CN=Test CA is no declared root"})
	contains(f.message, "CN=Test CA")
}

test_silent_on_a_declared_root if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
}

test_unsure_without_roots if count(rule.unsure) == 1 with input as doc({"trusted": fixture.unknown(false)})

test_unsure_on_an_incomplete_chain if {
	d := doc({"trusted": fixture.known(false), "complete": false})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
