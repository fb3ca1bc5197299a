package policies.host.selinux_policy_other_test

import data.policies.host.selinux_policy_other as rule
import data.policies.lib.fixture_host

doc(name) := fixture_host.doc({"selinux": object.union(fixture_host.record({}).selinux, {"policy": name})}, {})

test_fires_on_a_minimal_policy if count(rule.findings) == 1 with input as doc("minimum")

test_silent_on_the_targeted_policy if {
	count(rule.findings) == 0 with input as doc("targeted")
	count(rule.subjects) == 1 with input as doc("targeted")
	count(rule.unsure) == 0 with input as doc("targeted")
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({})

test_unsure_about_an_unknown_policy if count(rule.unsure) == 1 with input as doc("")
