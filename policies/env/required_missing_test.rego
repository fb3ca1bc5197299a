package policies.env.required_missing_test

import data.policies.env.required_missing as rule
import data.policies.lib.fixture_gate as g

required := {"env_required": [
	{"template": "finesse", "names": ["NGX_FIN_HOSTNAME", "NGX_AUTH_URL"]}, {"template": "core", "names": ["NGX_LOCALHOST_IPS"]},
	{"template": "installer", "names": ["CONTAINER_NAME"]},
]}

files := [g.file("installer.env", "installer", "", ""), g.core, g.file("finesse.env", "component", "finesse", "fin-a")]

doc(properties) := g.with_gate(object.union(g.doc([]), {"env": [g.record(files, properties)]}), required)

name := g.host("finesse.env", "finesse", "NGX_FIN_HOSTNAME", "fin-a.corp.example")

url := g.url("NGX_AUTH_URL", "https", "desk-a.agents.example:8445", "/finesse/api/UserAuth")

container := g.assigned("installer.env", "", "CONTAINER_NAME", "desk-a", {})

test_fires_on_what_is_missing_or_empty if {
	found := rule.findings with input as doc([g.assigned("finesse.env", "finesse", "NGX_FIN_HOSTNAME", "", {}), container])
	{f.key | some f in found} == {"finesse.env NGX_FIN_HOSTNAME", "finesse.env NGX_AUTH_URL", "core.env NGX_LOCALHOST_IPS"}
	some f in found
	{s.artifact | some s in f.sources} == {"rp-a/envs/finesse.env", "site.yaml"}
}

test_silent_when_all_is_there if {
	d := doc([name, url, container, g.items("NGX_LOCALHOST_IPS", ["203.0.113.10"])])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_when_a_common_file_has_it if {
	shared := g.text("NGX_AUTH_URL", "https://desk-a.agents.example:8445/finesse/api/UserAuth")
	count(rule.findings) == 0 with input as doc([name, shared, container, g.items("NGX_LOCALHOST_IPS", ["203.0.113.10"])])
}

test_unsure_without_a_common_file_or_a_template if {
	lonely := g.with_gate(object.union(g.doc([]), {"env": [g.record([g.file("x.env", "component", "", "x")], [])]}), required)
	count(rule.unsure) == 2 with input as lonely
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, required)
