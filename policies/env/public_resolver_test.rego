package policies.env.public_resolver_test

import data.policies.env.public_resolver as rule
import data.policies.lib.fixture_gate as g

doc(list, resolvers) := object.union(g.doc([g.items("CONTAINER_DNS_RESOLVER", list)]), {"site": object.union(g.site, {"zones": {"resolvers": resolvers}})})

test_fires_on_the_delivered_value if {
	found := rule.findings with input as doc(["1.1.1.1", "8.8.8.8"], ["10.9.0.53"])
	{f.key | some f in found} == {"core.env 1.1.1.1", "core.env 8.8.8.8"}
	some f in found
	f.fix == `CONTAINER_DNS_RESOLVER="10.9.0.53"`
}

test_fires_on_a_name if {
	some f in rule.findings with input as doc(["dns.example"], [])
	contains(f.fix, "resolvers of the site")
}

test_silent_on_resolvers_of_the_site if {
	rule.subjects == {"edge/rp-a"} with input as doc(["10.9.0.53", "192.0.2.53"], ["192.0.2.53"])
	count(rule.findings) == 0 with input as doc(["10.9.0.53", "192.0.2.53"], ["192.0.2.53"])
}

test_unsure_when_nothing_assigns_it if {
	d := object.union(g.doc([g.without_default("CONTAINER_DNS_RESOLVER")]), {"site": object.union(g.site, {"zones": {"resolvers": []}})})
	count(rule.unsure) == 1 with input as d
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
