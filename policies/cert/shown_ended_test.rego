package policies.cert.shown_ended_test

import data.policies.cert.shown_ended as rule
import data.policies.lib.fixture

dump(fields) := object.union(
	{
		"unit": "tomcat", "file": "tomcat.pem", "trust": false, "not_before": "2026-01-01T00:00:00Z", "not_after": "2027-01-01T00:00:00Z", "zone_known": true,
		"source": fixture.at("cm/cli.txt", 70, "explicit"),
	},
	fields,
)

doc(fields) := {"header": {"at": "2026-06-01T00:00:00Z"}, "vos": [fixture.vos("node/cm", {"certificate_dumps": [dump(fields)]})]}

test_fires_when_ended if {
	some f in rule.findings with input as doc({"not_after": "2026-05-31T00:00:00Z"})
	f.key == "tomcat/tomcat.pem"
}

test_fires_before_the_start if count(rule.findings) == 1 with input as doc({"not_before": "2026-06-02T00:00:00Z"})

test_silent_while_valid if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({"zone_known": false})
	count(rule.subjects) == 1 with input as doc({})
}

test_unsure_in_an_unknown_zone if {
	count(rule.findings) == 0 with input as doc({"not_after": "2026-05-31T23:00:00Z", "zone_known": false})
	count(rule.unsure) == 1 with input as doc({"not_after": "2026-05-31T23:00:00Z", "zone_known": false})
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc({"not_after": ""})
