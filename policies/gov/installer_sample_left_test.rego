package policies.gov.installer_sample_left_test

import data.policies.gov.installer_sample_left as rule
import data.policies.lib.fixture_gate as g

value(text, sample) := g.doc([g.assigned("finesse.env", "finesse", "NGX_FIN_HOSTNAME", text, {"sample": sample})])

test_fires_on_a_sample if {
	some f in rule.findings with input as value("finesse.host.domain", "sample domain")
	f.key == "finesse.env NGX_FIN_HOSTNAME"
}

test_silent_on_own_values if {
	rule.subjects == {"edge/rp-a"} with input as value("fin-a.corp.example", "")
	count(rule.findings) == 0 with input as value("fin-a.corp.example", "")
}

test_silent_about_resolvers if count(rule.findings) == 0 with input as value("8.8.8.8", "public resolver of the sample")

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
