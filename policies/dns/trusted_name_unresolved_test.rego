package policies.dns.trusted_name_unresolved_test

import data.policies.dns.trusted_name_unresolved as rule
import data.policies.lib.fixture

looked_up(view, names) := [{
	"target": "site", "subject": sprintf("dns/%s", [view]), "view": view, "form": "dig", "resolver": "10.9.0.53", "source": fixture.at("dig.txt", 1, "explicit"),
	"names": [{"name": n, "types": ["A"], "status": s, "addresses": [], "aliases": [], "reason": "", "source": fixture.at("dig.txt", 2, "explicit")} | some n, s in names],
}]

doc(auth, hosts, records) := {"site": fixture.site, "vos": [fixture.vos("node/fin-a", {"client_auth": auth, "allowed_hosts": hosts})], "dns": records}

on := fixture.value("enabled", 40)

hosts := fixture.list(["Desk-A.agents.example", "203.0.113.10"], 20)

test_fires_when_the_name_does_not_exist if {
	some f in rule.findings with input as doc(on, hosts, looked_up("lan", {"desk-a.agents.example": "nxdomain"}))
	f.message == "the node demands certificates and trusts desk-a.agents.example, which has no address in the local network"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "dig.txt"}
}

test_silent_when_it_resolves if {
	d := doc(on, hosts, array.concat(looked_up("lan", {"desk-a.agents.example": "failed"}), looked_up("lan", {"desk-a.agents.example": "answered"})))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_when_no_certificate_is_demanded if {
	count(rule.subjects | rule.findings) == 0 with input as doc(fixture.value("disabled", 40), hosts, looked_up("lan", {"desk-a.agents.example": "nxdomain"}))
}

test_unsure_about_what_was_not_looked_up if {
	count(rule.unsure) == 1 with input as doc(on, hosts, looked_up("dmz", {"desk-a.agents.example": "nxdomain"}))
	count(rule.unsure) == 1 with input as doc(on, hosts, looked_up("lan", {"desk-a.agents.example": "failed"}))
}

test_unsure_when_the_node_is_not_known if count(rule.unsure) == 2 with input as doc(fixture.no_value, fixture.no_list, [])
