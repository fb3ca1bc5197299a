package policies.ssh.unbounded_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.unbounded as rule

parameters := {"ssh": {"attempts": 4, "sessions": 10, "grace_seconds": 60, "startups": [10, 30, 60], "idle_seconds": 900}}

good := {"maxauthtries": 4, "maxsessions": 10, "logingracetime": 60, "clientaliveinterval": 300, "clientalivecountmax": 3}

numbers_of(values) := [fixture.ssh_number(k, v, 5) | some k, v in values]

doc(values, startups) := fixture.doc({"sshd": fixture.sshd(array.concat(numbers_of(values), [fixture.ssh("maxstartups", startups, 9)]))}, parameters)

keys(values, startups) := got if got := {f.key | some f in rule.findings} with input as doc(values, startups)

test_fires_on_each_bound if {
	keys(object.union(good, {"maxauthtries": 6}), "10:30:60") == {"MaxAuthTries"}
	keys(object.union(good, {"maxsessions": 20}), "10:30:60") == {"MaxSessions"}
	keys(object.union(good, {"logingracetime": 120}), "10:30:60") == {"LoginGraceTime"}
	keys(object.union(good, {"clientaliveinterval": 3600}), "10:30:60") == {"ClientAliveInterval"}
	keys(good, "10:30:100") == {"MaxStartups"}
}

test_fires_on_no_limit_at_all if {
	keys(object.union(good, {"logingracetime": 0}), "10:30:60") == {"LoginGraceTime"}
	keys(object.union(good, {"clientalivecountmax": 0}), "10:30:60") == {"ClientAliveInterval"}
}

test_fires_with_the_directive_to_write if {
	{f.fix | some f in rule.findings} == {"MaxAuthTries 4"} with input as doc(object.union(good, {"maxauthtries": 6}), "10:30:60")
	{f.fix | some f in rule.findings} == {"ClientAliveInterval 300 and ClientAliveCountMax 3"} with input as doc(object.union(good, {"clientaliveinterval": 0}), "10:30:60")
}

test_unsure_about_a_number_of_start_ups_that_is_none if {
	count(rule.unsure) == 1 with input as doc(good, "many")
	keys(good, "many") == set()
}

test_silent_within_the_bounds if {
	keys(good, "10:30:60") == set()
	keys(good, "5:50:20") == set()
	count(rule.unsure) == 0 with input as doc(good, "10:30:60")
	count(rule.subjects) == 1 with input as doc(good, "10:30:60")
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})

test_unsure_about_what_is_not_written if {
	count(rule.unsure) == 5 with input as fixture.doc({"sshd": fixture.sshd([])}, parameters)
}

test_unsure_about_what_is_no_number if {
	d := fixture.doc({"sshd": fixture.sshd([fixture.ssh("maxauthtries", "many", 3)])}, parameters)
	count([u | some u in rule.unsure; contains(u.reason, "no number")]) == 1 with input as d
}
