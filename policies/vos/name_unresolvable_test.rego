package policies.vos.name_unresolvable_test

import data.policies.lib.fixture
import data.policies.vos.name_unresolvable as rule

doc(hosts, servers, rejections) := {
	"site": fixture.site,
	"vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts, "dns_servers": servers, "rejections": rejections})],
}

names := fixture.list(["desk-a.agents.example", "10.9.0.10"], 20)

resolver := fixture.list(["10.9.0.53"], 30)

test_fires_on_a_refused_name if {
	some f in rule.findings with input as doc(names, resolver, [{"list": "allowed-hosts", "value": "Desk-C.agents.example", "source": fixture.cli(9)}])
	f.message == "the node refused desk-c.agents.example, which does not resolve there"
}

test_fires_without_a_resolver if {
	some f in rule.findings with input as doc(names, fixture.list([], 30), [])
	f.message == "the node trusts names (desk-a.agents.example) and has no DNS server"
	count(f.sources) == 2
}

test_silent_with_a_resolver if {
	d := doc(names, resolver, [{"list": "config-uri", "value": "https://x.example", "source": fixture.cli(9)}])
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_about_addresses if count(rule.findings | rule.unsure) == 0 with input as doc(fixture.list(["10.9.0.10", "2001:db8::1"], 20), fixture.no_list, [])

test_unsure_without_the_lists if {
	count(rule.unsure) == 1 with input as doc(names, fixture.no_list, [])
	count(rule.unsure) == 1 with input as doc(fixture.no_list, resolver, [])
}
