package policies.cert.peer_not_trusted_test

import data.policies.cert.peer_not_trusted as rule
import data.policies.lib.trust_fixture as trust

peer(fields) := trust.record("node/ids-a", [trust.node_certificate("ids-a", "bb22", fields)], [trust.node_chain("ids-a", "bb22", {})], [])

doc(records) := {
	"certchain": records,
	"site": trust.site([trust.declared("fin-a", "finesse"), trust.declared("ids-a", "ids")]),
	"profile": {"parameters": {"trust": {"peers": [{"holder": "finesse", "peer": "ids"}]}}},
}

test_fires_on_another_authority if {
	some f in rule.findings with input as doc([trust.node("fin-a", "aa11"), peer({"issuer_name": "CN=Other Root"})])
	f.subject == "node/fin-a"
	contains(f.fix, "CN=Other Root")
	count(f.sources) == 2
}

test_fires_when_the_root_has_the_name_but_another_key if {
	below := peer({"authority_key_id": "01"})
	holder := trust.record(
		"node/fin-a",
		[trust.node_certificate("fin-a", "aa11", {}), object.union(trust.root("node/fin-a", "r00t", "Corp Root"), {"subject_key_id": "02"})],
		[trust.node_chain("fin-a", "aa11", {})],
		[trust.trust_list("fin-a", ["r00t"])],
	)
	count(rule.findings) == 1 with input as doc([holder, below])
}

test_silent_with_the_root_in_the_list if {
	d := doc([trust.node("fin-a", "aa11"), peer({})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_with_the_root_above_two_others if {
	steps := [
		object.union(trust.root("node/ids-a", "cc33", "Issuing"), {"self_signed": false, "issuer_name": "CN=Policy"}),
		object.union(trust.root("node/ids-a", "dd44", "Policy"), {"self_signed": false, "issuer_name": "CN=Corp Root"}),
	]
	below := trust.record("node/ids-a", array.concat([trust.node_certificate("ids-a", "bb22", {"issuer_name": "CN=Issuing"})], steps), [trust.node_chain("ids-a", "bb22", {})], [])
	count(rule.findings) == 0 with input as doc([trust.node("fin-a", "aa11"), below])
}

test_silent_with_the_certificate_itself if {
	holder := trust.record("node/fin-a", [], [], [trust.trust_list("fin-a", ["bb22"])])
	count(rule.findings) == 0 with input as doc([holder, peer({"issuer_name": "CN=Other Root"})])
}

test_unsure_without_a_list if {
	some u in rule.unsure with input as doc([trust.record("node/fin-a", [], [], []), peer({})])
	contains(u.reason, "not known")
}

test_unsure_with_a_part_of_a_list if {
	holder := trust.record("node/fin-a", [], [], [object.union(trust.trust_list("fin-a", []), {"complete": false})])
	some u in rule.unsure with input as doc([holder, peer({})])
	contains(u.reason, "not read whole")
	count(rule.findings) == 0 with input as doc([holder, peer({})])
}

test_unsure_about_a_peer_without_certificate if {
	some u in rule.unsure with input as doc([trust.node("fin-a", "aa11")])
	contains(u.reason, "node/ids-a")
}
