package policies.http.finesse_administration_answers_test

import data.policies.http.finesse_administration_answers as rule
import data.policies.lib.live

doc(fields) := live.edge([live.closed("HTTP-05", "/cfadmin", fields)])

test_fires_when_the_path_is_answered if {
	some f in rule.findings with input as doc({"status": 302})
	f.key == "GET /cfadmin"
	contains(f.message, "302")
	contains(f.fix, "return 403")
}

test_fires_when_credentials_are_asked_for if count(rule.findings) == 1 with input as doc({"status": 401})

test_silent_when_refused if {
	d := doc({"status": 421, "denied": true})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_when_somebody_behind_may_have_said_no if {
	d := doc({"status": 404, "denied_known": false})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_on_silence if {
	some u in rule.unsure with input as doc({"status": 0, "outcome": "unknown", "denied_known": false, "reason": "timeout"})
	contains(u.reason, "timeout")
}

test_unsure_when_not_asked if {
	count(rule.unsure) == 1 with input as live.edge([])
	count(rule.unsure) == 1 with input as live.two_edges([live.closed("HTTP-05", "/cfadmin", {"status": 421, "denied": true})], [])
}
