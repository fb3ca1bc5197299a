package policies.framing.integration_refused_test

import data.policies.framing.integration_refused as rule
import data.policies.lib.fixture
import data.policies.lib.live_origin

crm(may) := live_origin.embedder("integration", "https://crm.example", may)

doc(internal, fields) := {
	"framinglive": [live_origin.framed([live_origin.page(fields)])], "site": fixture.site,
	"proxymap": fixture.proxymap([fixture.entry(internal, "desk-a.agents.example:8445", 3)]), "profile": {"parameters": {"frame_verb": "frame_access_allowed_list"}},
}

test_fires_when_it_is_refused if {
	some f in rule.findings with input as doc("fin-a.corp.example:8445", {"embedders": [crm(false)]})
	f.message == "/desktop/ may not be embedded by https://crm.example"
}

test_fires_on_the_node_itself if {
	d := doc("x.corp.example:8445", {"embedders": [crm(false)]})
	record := object.union(live_origin.framed([live_origin.page({"embedders": [crm(false)]})]), {"target": "node/fin-a", "subject": "node/fin-a/listener/f:8445"})
	{f.subject | some f in rule.findings} == {"node/fin-a/listener/f:8445"} with input as object.union(d, {"framinglive": [record]})
}

test_silent_when_it_may if {
	count(rule.findings) == 0 with input as doc("fin-a.corp.example:8445", {"embedders": [crm(true)]})
	count(rule.subjects) == 1 with input as doc("fin-a.corp.example:8445", {"embedders": [crm(true)]})
}

test_silent_about_other_components if count(rule.subjects) == 0 with input as doc("cuic-a.corp.example:8444", {"embedders": [crm(false)]})
