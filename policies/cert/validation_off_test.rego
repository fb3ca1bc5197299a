package policies.cert.validation_off_test

import data.policies.cert.validation_off as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(role, property) := {"vos": [fixture.vos("node/fin-a", {"trust_all_certificates": property})], "site": trust.site([trust.declared("fin-a", role)])}

test_fires_on_true_in_any_case if {
	count(rule.findings) == 1 with input as doc("finesse", fixture.value("true", 50))
	count(rule.findings) == 1 with input as doc("uccx", fixture.value("TRUE", 50))
}

test_silent_on_false if {
	count(rule.findings) == 0 with input as doc("finesse", fixture.value("false", 50))
	count(rule.unsure) == 0 with input as doc("finesse", fixture.value("false", 50))
	count(rule.subjects) == 1 with input as doc("finesse", fixture.value("false", 50))
}

test_silent_on_products_without_the_property if count(rule.subjects) == 0 with input as doc("cuic", fixture.no_value)

test_unsure_when_not_shown if count(rule.unsure) == 1 with input as doc("finesse", fixture.no_value)

test_unsure_on_another_word if count(rule.unsure) == 1 with input as doc("finesse", fixture.value("maybe", 50))
