package policies.host.benchmark_failed_test

import data.policies.host.benchmark_failed as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

result(fields) := object.union(
	{
		"benchmark": "RHEL-9", "benchmark_version": "0.1.73", "profile": "cis", "host": "rp-a", "started_at": "2026-05-20T04:00:00Z",
		"ended_at": "2026-05-20T04:10:00Z", "zone_known": true, "score_percent": fixture.known(97), "score_text": "97.8", "counts": [], "failed": [],
		"source": fixture_host.place("xccdf.xml", 4),
	},
	fields,
)

doc(results) := fixture_host.doc({"benchmarks": results}, {"benchmark_percent": 90, "benchmark_days": 90})

keys(results) := got if got := {f.key | some f in rule.findings} with input as doc(results)

test_fires_on_a_low_score if keys([result({"score_percent": fixture.known(61)})]) == {"score cis"}

test_fires_on_an_old_result if keys([result({"ended_at": "2026-01-01T00:00:00Z"})]) == {"age cis"}

test_fires_on_a_failed_rule_of_high_severity if {
	failed := [{"id": "no_empty_passwords", "severity": "high", "source": fixture_host.place("xccdf.xml", 90)}, {"id": "banner", "severity": "low", "source": fixture_host.place("xccdf.xml", 95)}]
	keys([result({"failed": failed})]) == {"no_empty_passwords"}
}

test_silent_on_a_good_result if {
	keys([result({})]) == set()
	keys([result({}), result({"ended_at": "2025-01-01T00:00:00Z"})]) == set()
	count(rule.unsure) == 0 with input as doc([result({})])
	count(rule.subjects) == 1 with input as doc([result({})])
}

test_silent_without_a_result if count(rule.subjects) == 0 with input as doc([])

test_unsure_without_a_score_or_a_time if {
	count(rule.unsure) == 1 with input as doc([result({"score_percent": fixture.unknown(0)})])
	count(rule.unsure) == 1 with input as doc([result({"ended_at": ""})])
}
