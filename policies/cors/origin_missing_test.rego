package policies.cors.origin_missing_test

import data.policies.cors.origin_missing as rule
import data.policies.lib.fixture

entries := [
	fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:443", 3),
	fixture.entry("cuic-a.corp.example:8444", "Desk-A.agents.example:8444", 4),
	fixture.entry("cuic-a.corp.example:8447", "desk-a.agents.example:8447", 5),
	fixture.entry("ld-a.corp.example:12005", "desk-a.agents.example:12005", 6),
]

vos := {
	"component_ports": [{"component": "finesse", "ports": [8445]}, {"component": "cuic", "ports": [8444, 8447]}, {"component": "livedata", "ports": [12005]}],
	"published_origins": [{"component": "finesse", "ports": [8444, 8447]}, {"component": "cuic", "ports": [443, 8444, 8445]}],
}

doc(records) := {"cors": records, "proxymap": fixture.proxymap(entries), "site": fixture.site, "profile": {"parameters": {"vos": vos}}}

test_fires_on_finesse_and_gives_the_command if {
	found := rule.findings with input as doc([fixture.cors("node/fin-a", "finesse", "enabled", ["https://crm.example"])])
	{f.key | some f in found} == {"finesse https://desk-a.agents.example:8444", "finesse https://desk-a.agents.example:8447"}
	some f in found
	f.fix == "Run on the node: utils finesse cors allowed_origin add https://desk-a.agents.example:8444,https://desk-a.agents.example:8447"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "proxymap.txt"}
}

test_fires_when_the_implied_port_is_written if {
	found := rule.findings with input as doc([fixture.cors("node/cuic-a", "cuic", "enabled", ["https://desk-a.agents.example:443"])])
	{f.key | some f in found} == {"cuic https://desk-a.agents.example"}
}

test_fires_on_live_data_with_its_own_word if {
	some f in rule.findings with input as doc([fixture.cors("node/ld-a", "livedata", "enabled", [])])
	f.fix == "Run on the node: utils live-data cors allowed_origin add https://desk-a.agents.example"
}

test_fires_on_a_coresident_server_by_port if {
	site := object.union(fixture.site, {"nodes": [fixture.node("ccx", "uccx", "ccx.corp.example")]})
	map := fixture.proxymap([fixture.entry("ccx.corp.example:8445", "desk.agents.example:8445", 3), fixture.entry("ccx.corp.example:8444", "desk.agents.example:8444", 4)])
	d := object.union(doc([fixture.cors("node/ccx", "finesse", "enabled", []), fixture.cors("node/ccx", "cuic", "enabled", [])]), {"site": site, "proxymap": map})
	{f.key | some f in rule.findings} == {"finesse https://desk.agents.example:8444", "cuic https://desk.agents.example:8445"} with input as d
}

test_silent_when_every_form_is_listed if {
	d := doc([
		fixture.cors("node/fin-a", "finesse", "enabled", ["https://desk-a.agents.example:8444", "https://desk-a.agents.example:8447"]),
		fixture.cors("node/cuic-a", "cuic", "enabled", ["https://desk-a.agents.example"]),
	])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 2 with input as d
}

test_silent_where_every_origin_passes if count(rule.findings) == 0 with input as doc([fixture.cors("node/fin-a", "finesse", "enable_all", [])])

test_silent_about_another_cluster if {
	nodes := [fixture.node("fin-a", "finesse", "fin-a.corp.example"), object.union(fixture.node("cuic-a", "cuic", "cuic-a.corp.example"), {"cluster": "apac"})]
	d := object.union(doc([fixture.cors("node/fin-a", "finesse", "enabled", [])]), {"site": object.union(fixture.site, {"nodes": nodes})})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_the_list_is_not_known if {
	count(rule.unsure) == 1 with input as doc([object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})])
}

test_unsure_about_mapped_hosts_outside_the_inventory if {
	d := object.union(doc([fixture.cors("node/fin-a", "finesse", "enabled", [])]), {"proxymap": fixture.proxymap([fixture.entry("cuic-x.corp.example:8444", "desk-a.agents.example:8444", 4)])})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_shows_the_published_list_beside_what_the_map_says if {
	some f in rule.findings with input as doc([fixture.cors("node/cuic-a", "cuic", "enabled", [])])
	f.message == "cuic does not allow https://desk-a.agents.example, which the map makes its caller; the published list for this host names it as well: https://desk-a.agents.example, https://desk-a.agents.example:8444, https://desk-a.agents.example:8445"
}

test_shows_a_published_list_that_is_for_other_ports if {
	moved := fixture.proxymap([fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:9444", 4)])
	d := object.union(doc([fixture.cors("node/fin-a", "finesse", "enabled", [])]), {"proxymap": moved})
	some f in rule.findings with input as d
	endswith(f.message, "the published list for this host, for other ports, is https://desk-a.agents.example:8444, https://desk-a.agents.example:8447")
}

test_says_when_no_list_is_published if {
	some f in rule.findings with input as doc([fixture.cors("node/ld-a", "livedata", "enabled", [])])
	endswith(f.message, "no list is published for it")
}
