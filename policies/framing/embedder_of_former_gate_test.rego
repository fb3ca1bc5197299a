package policies.framing.embedder_of_former_gate_test

import data.policies.framing.embedder_of_former_gate as rule
import data.policies.lib.fixture

verb := "frame_access_allowed_list"

doc(entries, hosts) := {
	"framing": [fixture.framing("node/fin-a", verb, entries)], "vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts})],
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]), "site": fixture.site,
	"profile": {"parameters": {"frame_verb": verb}},
}

test_fires_on_an_untrusted_gate if {
	some f in rule.findings with input as doc(["https://desk-a.agents.example:8445"], fixture.list(["10.9.0.10"], 20))
	f.message == "https://desk-a.agents.example:8445 may embed the desktop, but the node does not trust desk-a.agents.example"
	startswith(f.fix, "Run utils finesse frame_access_allowed_list delete")
}

test_silent_about_trusted_gates_and_other_hosts if {
	d := doc(["https://desk-a.agents.example:8445", "https://crm.example"], fixture.list(["desk-a.agents.example"], 20))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_where_the_node_itself_is_not_known if {
	d := object.union(doc([], fixture.no_list), {"vos": [], "framing": [object.union(fixture.framing("node/fin-a", verb, []), {"entries": fixture.no_list})]})
	count(((rule.subjects | rule.findings) | rule.unsure)) == 0 with input as d
}

test_unsure_when_a_list_is_not_known if {
	count(rule.unsure) == 1 with input as doc([], fixture.no_list)
	d := object.union(doc([], fixture.list([], 20)), {"framing": [object.union(fixture.framing("node/fin-a", verb, []), {"entries": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
