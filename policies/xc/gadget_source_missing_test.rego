package policies.xc.gadget_source_missing_test

import data.policies.lib.fixture
import data.policies.xc.gadget_source_missing as rule

parameters := {"vos": {"status_pages": [{"role": "cuic", "port": 8444, "path": "/x"}, {"role": "cuic", "port": 443, "path": "/x"}]}, "components": [{"role": "cuic", "ports": [8444, 8447]}]}

gadget(host, port) := {"kind": "gadget", "relative": false, "scheme": "https", "host": host, "port": port, "source": fixture.at("layout.xml", 9, "explicit")}

doc(sources, resources) := {
	"vos": [fixture.vos("node/fin-a", {"gadget_sources": sources})], "site": fixture.site, "profile": {"parameters": parameters},
	"layout": [{"target": "site", "resources": resources}],
}

both := ["https://cuic-a.corp.example", "https://cuic-a.corp.example:8444"]

test_fires_on_the_form_that_is_missing if {
	some f in rule.findings with input as doc(fixture.list(["https://CUIC-A.corp.example:8444"], 71), [])
	f.message == "https://cuic-a.corp.example is not among the sources that gadgets may come from"
	f.fix == "Run utils finesse gadget_source_check allowed_list add https://cuic-a.corp.example on the node."
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "site.yaml"}
}

test_fires_on_a_gadget_of_the_layout if {
	some f in rule.findings with input as doc(fixture.list(both, 71), [gadget("wfm.example", 8443)])
	f.key == "https://wfm.example:8443"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "layout.xml"}
}

test_silent_when_all_are_listed if {
	d := doc(fixture.list(array.concat(both, ["https://wfm.example/"]), 71), [gadget("wfm.example", 443)])
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_about_another_cluster if {
	nodes := [fixture.node("fin-a", "finesse", "fin-a.corp.example"), object.union(fixture.node("cuic-a", "cuic", "cuic-a.corp.example"), {"cluster": "apac"})]
	count(rule.findings) == 0 with input as object.union(doc(fixture.list([], 71), []), {"site": object.union(fixture.site, {"nodes": nodes})})
}

test_unsure_when_the_list_is_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_list, [])
