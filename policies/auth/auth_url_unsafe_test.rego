package policies.auth.auth_url_unsafe_test

import data.policies.auth.auth_url_unsafe as rule
import data.policies.lib.fixture_gate as g

doc(property) := g.with_gate(g.doc([property]), {"auth_paths": ["/finesse/api/UserAuth"]})

url(scheme, path) := doc(g.url("NGX_AUTH_URL", scheme, "desk-a.agents.example:8445", path))

test_fires_on_clear_text if {
	some f in rule.findings with input as url("http", "/finesse/api/UserAuth")
	f.fix == "NGX_AUTH_URL=https://desk-a.agents.example:8445/finesse/api/UserAuth"
}

test_fires_on_an_open_page if {
	{f.key | some f in rule.findings} == {"finesse.env path"} with input as url("https", "/desktop")
}

test_silent_on_the_published_form if {
	rule.subjects == {"edge/rp-a"} with input as url("https", "/finesse/api/UserAuth")
	count(rule.findings) == 0 with input as url("https", "/finesse/api/UserAuth")
	count(rule.unsure) == 0 with input as url("https", "/finesse/api/UserAuth")
}

test_unsure_when_empty_or_not_assigned if {
	count(rule.unsure) == 1 with input as doc(g.text("NGX_AUTH_URL", ""))
	count(rule.unsure) == 1 with input as doc(g.without_default("NGX_AUTH_URL"))
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
