package policies.dns.external_name_elsewhere_test

import data.policies.dns.external_name_elsewhere as rule
import data.policies.lib.fixture

name(text, status, addresses, aliases) := {"name": text, "types": ["A"], "status": status, "addresses": addresses, "aliases": aliases, "reason": "", "source": fixture.at("dig.txt", 2, "explicit")}

doc(names, site) := {
	"dns": [{"target": "site", "subject": "dns/internet", "view": "internet", "form": "dig", "resolver": "", "names": names, "source": fixture.at("dig.txt", 1, "explicit")}],
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "Desk-A.agents.example:8445", 3)]), "site": object.union(fixture.site, site),
}

desk(status, addresses, aliases) := name("desk-a.agents.example", status, addresses, aliases)

test_fires_on_another_address if {
	some f in rule.findings with input as doc([desk("answered", ["203.0.113.10", "198.51.100.7"], [])], {})
	f.message == "on the internet desk-a.agents.example is 198.51.100.7, which is neither a public address of an edge nor a load balancer"
	f.fix == "Let desk-a.agents.example resolve to 203.0.113.10 on the internet."
	{s.artifact | some s in f.sources} == {"proxymap.txt", "dig.txt"}
}

test_fires_without_an_address if {
	{f.key | some f in rule.findings} == {"Desk-A.agents.example:8445 missing"} with input as doc([desk("nxdomain", [], [])], {})
}

test_silent_about_the_edge if {
	d := doc([desk("answered", ["203.0.113.10"], [])], {})
	count(rule.findings | rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_about_a_load_balancer if {
	site := {"load_balancers": ["lb.agents.example"]}
	count(rule.findings) == 0 with input as doc([desk("answered", ["198.51.100.7"], ["LB.agents.example."])], site)
	count(rule.findings) == 0 with input as doc([desk("answered", ["198.51.100.7"], []), name("lb.agents.example", "answered", ["198.51.100.7"], [])], site)
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as doc([desk("failed", [], [])], {})

test_unsure_without_a_declared_address if {
	d := doc([desk("answered", ["203.0.113.10"], [])], {"edges": [fixture.edge("rp-a", [], [])]})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
