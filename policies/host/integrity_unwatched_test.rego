package policies.host.integrity_unwatched_test

import data.policies.host.integrity_unwatched as rule
import data.policies.lib.fixture_host

doc(packages, units) := fixture_host.doc({"packages": [fixture_host.package_of(n) | some n in packages], "units": units}, {})

timer := fixture_host.unit("aidecheck.timer", "enabled", "active", 3)

test_fires_without_a_tool if {
	{f.key | some f in rule.findings} == {"tool"} with input as doc(["bash"], [timer])
}

test_fires_without_a_timer if {
	{f.key | some f in rule.findings} == {"timer"} with input as doc(["aide"], [])
}

test_silent_on_a_tool_that_runs if {
	count(rule.findings) == 0 with input as doc(["aide"], [timer])
	count(rule.findings) == 0 with input as doc(["wazuh-agent"], [])
	count(rule.subjects) == 1 with input as doc([], [])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({})
