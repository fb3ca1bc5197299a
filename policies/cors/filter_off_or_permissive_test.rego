package policies.cors.filter_off_or_permissive_test

import data.policies.cors.filter_off_or_permissive as rule
import data.policies.lib.fixture

doc(component, mode) := {"cors": [fixture.cors("node/n", component, mode, [])], "site": fixture.site}

test_fires_on_enable_all if {
	some f in rule.findings with input as doc("finesse", "enable_all")
	f.key == "finesse permissive"
	f.sources[0].line == 70
}

test_fires_on_disabled_live_data if {
	some f in rule.findings with input as doc("livedata", "disabled")
	startswith(f.fix, "Run on the node: utils live-data cors enable")
}

test_fires_on_disabled_finesse_with_reporting if count(rule.findings) == 1 with input as doc("finesse", "disabled")

test_silent_on_disabled_finesse_that_nobody_calls if {
	d := object.union(doc("finesse", "disabled"), {"site": {"integrations": [], "nodes": [fixture.node("fin-a", "finesse", "fin-a")]}})
	count(rule.findings) == 0 with input as d
}

test_silent_on_enabled if {
	count(rule.findings) == 0 with input as doc("cuic", "enabled")
	count(rule.unsure) == 0 with input as doc("cuic", "enabled")
}

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc("cuic", "unknown")

test_fires_on_disabled_cuic if {
	count(rule.findings) == 1 with input as doc("cuic", "disabled")
	rule.subjects == {"node/n"} with input as doc("cuic", "disabled")
}

test_fires_on_disabled_finesse_that_an_integration_calls if {
	d := object.union(doc("finesse", "disabled"), {"site": {"integrations": [{"name": "crm"}], "nodes": []}})
	count(rule.findings) == 1 with input as d
}
