package policies.map.duplicate_entry_test

import data.policies.lib.fixture
import data.policies.map.duplicate_entry as rule

doc(entries) := {"proxymap": fixture.proxymap(entries)}

fin := fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)

test_fires_on_two_targets if {
	found := rule.findings with input as doc([fin, fixture.entry("fin-a.corp.example:8445", "desk-b.agents.example:8445", 7)])
	count(found) == 1
	some f in found
	f.key == "internal"
	count(f.sources) == 2
}

test_fires_on_a_repeated_line if count(rule.findings) == 1 with input as doc([fin, fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 8)])

test_fires_when_only_case_differs if count(rule.findings) == 2 with input as doc([fin, fixture.entry("FIN-A.corp.example:8445", "desk-b.agents.example:8445", 8)])

test_fires_on_a_shared_external_endpoint if {
	found := rule.findings with input as doc([fin, fixture.entry("fin-b.corp.example:8445", "desk-a.agents.example:8445", 4)])
	{f.key | some f in found} == {"external desk-a.agents.example:8445"}
	count(found) == 2
}

test_silent_on_distinct_entries if {
	d := doc([fin, fixture.entry("fin-b.corp.example:8445", "desk-b.agents.example:8445", 4), fixture.entry("fin-a.corp.example:443", "desk-a.agents.example:443", 5)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 3 with input as d
}
