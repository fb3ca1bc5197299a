package policies.filter.installer_filter_open_test

import data.policies.filter.installer_filter_open as rule
import data.policies.lib.fixture_gate as g

agents(pattern) := g.doc([g.text("NGX_VALID_USER_AGENTS_REGEX", pattern)])

referrers(list) := g.doc([g.items("NGX_VALID_REFERRERS", list)])

test_fires_on_patterns_that_take_scripts_or_nothing if {
	every pattern in [".*", "", "^(Mozilla|curl)/", "^$|Mozilla"] {
		count(rule.findings) == 1 with input as agents(pattern)
	}
}

test_fires_on_lists_that_take_every_host if {
	every item in ["*", ".*", "*.example"] {
		count(rule.findings) == 1 with input as referrers(["desk-a.agents.example", item])
	}
}

test_silent_on_browsers_and_hosts if {
	count(rule.findings) == 0 with input as agents(`^Mozilla/5\.0 \(`)
	count(rule.unsure) == 0 with input as agents(`^Mozilla/5\.0 \(`)
	count(rule.findings) == 0 with input as referrers(["desk-a.agents.example", "*.agents.example"])
	rule.subjects == {"edge/rp-a"} with input as referrers(["desk-a.agents.example"])
}

test_unsure_about_a_pattern_that_is_not_understood if count(rule.unsure) == 1 with input as agents("^(?!curl)")

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
