package policies.cors.origin_of_former_gate_test

import data.policies.cors.origin_of_former_gate as rule
import data.policies.lib.fixture

doc(origins, hosts) := {
	"cors": [fixture.cors("node/fin-a", "finesse", "enabled", origins)], "vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts})],
	"proxymap": fixture.proxymap([fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 3)]), "site": fixture.site,
}

test_fires_on_an_untrusted_gate if {
	some f in rule.findings with input as doc(["https://Desk-A.agents.example:8444"], fixture.list(["10.9.0.10"], 20))
	f.message == "finesse allows https://Desk-A.agents.example:8444, but the node does not trust desk-a.agents.example"
	count(f.sources) == 2
}

test_fires_on_an_address_of_an_edge if {
	count(rule.findings) == 1 with input as doc(["https://203.0.113.10"], fixture.list(["desk-a.agents.example"], 20))
}

test_silent_about_trusted_gates_and_other_hosts if {
	d := doc(["https://desk-a.agents.example:8444", "https://crm.example"], fixture.list(["DESK-A.agents.example"], 20))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_where_the_node_itself_is_not_known if {
	d := object.union(doc([], fixture.no_list), {"vos": [], "cors": [object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})]})
	count(((rule.subjects | rule.findings) | rule.unsure)) == 0 with input as d
}

test_unsure_when_a_list_is_not_known if {
	count(rule.unsure) == 1 with input as doc([], fixture.no_list)
	d := object.union(doc([], fixture.list([], 20)), {"cors": [object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
