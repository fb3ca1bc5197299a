package policies.host.selinux_off_test

import data.policies.host.selinux_off as rule
import data.policies.lib.fixture_host

doc(mode, configured) := fixture_host.doc(
	{"selinux": {
		"mode": mode, "configured": configured, "policy": "targeted",
		"source": fixture_host.place("sestatus.txt", 5), "configured_source": fixture_host.place("config", 2),
	}},
	{},
)

test_fires_on_modes_that_refuse_nothing if {
	every mode in ["permissive", "disabled"] {
		{f.key | some f in rule.findings} == {"mode"} with input as doc(mode, "enforcing")
		{f.key | some f in rule.findings} == {"next start"} with input as doc("enforcing", mode)
	}
}

test_fires_with_the_command if {
	{f.fix | some f in rule.findings} == {"setenforce 1"} with input as doc("permissive", "enforcing")
}

test_silent_when_enforcing if {
	count(rule.findings) == 0 with input as doc("enforcing", "enforcing")
	count(rule.unsure) == 0 with input as doc("enforcing", "enforcing")
	count(rule.subjects) == 1 with input as doc("enforcing", "enforcing")
}

test_unsure_about_unknown_modes if count(rule.unsure) == 2 with input as doc("unknown", "unknown")
