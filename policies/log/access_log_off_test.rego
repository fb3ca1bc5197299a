package policies.log.access_log_off_test

import data.policies.lib.fixture
import data.policies.log.access_log_off as rule

doc(settings, own) := fixture.single(settings, [fixture.location("prefix", "/", own, [fixture.forward("fin-a.corp.example", 8445)])])

log(args) := fixture.setting("access_log", args, 20)

test_fires_on_a_silent_location if {
	some f in rule.findings with input as doc([log(["logs/access.log", "gate"])], [log(["off"])])
	f.key == "location /"
	f.fix == "In location /: access_log logs/access.log gate;"
}

test_fires_on_a_silent_server if count(rule.findings) == 1 with input as doc([log(["off"])], [])

test_fires_on_the_null_device if count(rule.findings) == 1 with input as doc([log(["/dev/null"])], [])

test_silent_when_logged if {
	count(rule.findings) == 0 with input as doc([log(["logs/access.log", "gate"])], [])
	count(rule.unsure) == 0 with input as doc([log(["logs/access.log", "gate"])], [])
	count(rule.subjects) == 1 with input as doc([log(["logs/access.log"])], [])
}

test_unsure_when_a_condition_decides if count(rule.unsure) == 1 with input as doc([log(["logs/access.log", "gate", "if=$loggable"])], [])

test_unsure_when_unknown if count(rule.unsure) == 1 with input as doc([], [])
