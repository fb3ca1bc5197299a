package policies.dns.internal_name_elsewhere_test

import data.policies.dns.internal_name_elsewhere as rule
import data.policies.lib.fixture

view(name, status, addresses) := {
	"target": "site", "subject": sprintf("dns/%s", [name]), "view": name, "form": "dig", "resolver": "", "source": fixture.at("dig.txt", 1, "explicit"),
	"names": [{"name": "fin-a.corp.example", "types": ["A"], "status": status, "addresses": addresses, "aliases": [], "reason": "", "source": fixture.at("dig.txt", 2, "explicit")}],
}

doc(records, addresses) := {
	"dns": records, "host": [], "proxymap": fixture.proxymap([fixture.entry("Fin-A.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": addresses})]}),
}

test_fires_on_the_address_of_another if {
	some f in rule.findings with input as doc([view("dmz", "answered", ["10.1.0.99"])], ["10.1.0.11"])
	f.message == "on the gate fin-a.corp.example is 10.1.0.99, which is no address of a node"
	f.fix == "Let fin-a.corp.example resolve to 10.1.0.11 on the gate."
	{s.artifact | some s in f.sources} == {"proxymap.txt", "dig.txt"}
}

test_fires_on_a_public_address if {
	some f in rule.findings with input as doc([view("lan", "answered", ["198.51.100.7", "2001:db8::7"])], [])
	f.fix == "Let fin-a.corp.example resolve to an address of the local network on the gate."
}

test_fires_without_an_address if {
	{f.key | some f in rule.findings} == {"desk-a.agents.example:8445 missing"} with input as doc([view("dmz", "nxdomain", [])], ["10.1.0.11"])
}

test_fires_on_a_wrong_line_of_the_hosts_file if {
	line := {"address": "10.1.0.98", "names": ["fin-a.corp.example"], "source": fixture.at("rp-a/tree/etc/hosts", 3, "explicit")}
	d := object.union(doc([view("dmz", "answered", ["10.1.0.11"])], ["10.1.0.11"]), {"host": [{"target": "edge/rp-a", "names": [line]}]})
	some f in rule.findings with input as d
	"rp-a/tree/etc/hosts" in {s.artifact | some s in f.sources}
}

test_silent_about_an_address_of_the_node if {
	d := doc([view("dmz", "answered", ["10.1.0.11"]), view("lan", "answered", ["10.1.0.99"])], ["10.1.0.11"])
	count(rule.findings | rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_about_inside_addresses_where_none_is_declared if count(rule.findings) == 0 with input as doc([view("dmz", "answered", ["fd00::1", "172.16.3.4"])], [])

test_unsure_without_an_answer if {
	count(rule.unsure) == 1 with input as doc([view("dmz", "failed", [])], ["10.1.0.11"])
	count(rule.unsure) == 1 with input as doc([], ["10.1.0.11"])
}
