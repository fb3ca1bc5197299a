package policies.version.peripheral_too_old_test

import data.policies.lib.fixture
import data.policies.version.peripheral_too_old as rule

doc(version, facts) := {
	"vos": [fixture.vos("node/fin-a", facts)],
	"site": object.union(fixture.site, {
		"nodes": [object.union(fixture.node("fin-a", "finesse", "f"), {"version": ""})],
		"contact_center": [{"component": "pg", "name": "pg-a", "version": version, "source": fixture.at("site.yaml", 60, "declared")}],
	}),
	"profile": {"parameters": {"vos": {"peripheral_floor": "12.5"}}, "es_number": fixture.unknown(0)},
}

test_fires_below_the_floor if {
	some f in rule.findings with input as doc("12.0.1", fixture.release("12.6.1.10000-23", 7))
	f.message == "pg pg-a runs 12.0.1; nodes of this release need at least 12.5"
	f.fix == "Update pg-a to 12.5 or later."
}

test_silent_at_the_floor if {
	d := doc("12.5.1", fixture.release("12.6.1.10000-23", 7))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"site"} with input as d
}

test_silent_with_older_nodes if count(rule.findings | rule.unsure) == 0 with input as doc("12.0.1", fixture.release("12.5.1.10000-23", 7))

test_silent_when_none_is_declared if {
	d := doc("12.0.1", {})
	count(rule.subjects) == 0 with input as object.union(d, {"site": object.union(fixture.site, {"contact_center": []})})
}

test_unsure_without_a_release if {
	count(rule.unsure) == 1 with input as doc("", fixture.release("12.6.1.10000-23", 7))
	count(rule.unsure) == 1 with input as doc("12.5.1", {})
}
