package policies.net.interfaces_not_separate_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.interfaces_not_separate as rule

interface(name, address, line) := {
	"name": name, "up": true, "loopback": name == "lo", "source": fixture_host.place("ip-address.json", line),
	"addresses": [{"family": "ipv4", "address": address, "prefix_length": 24, "scope": "global"}],
}

route(destination, through, line) := {
	"family": "ipv4", "destination": destination, "default": destination == "default", "gateway": "", "interface": through, "type": "unicast",
	"table": "main", "metric": fixture.unknown(0), "source": fixture_host.place("ip-route.json", line),
}

site := object.union(fixture_host.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": ["10.1.0.11"]})]})

both := [interface("lo", "127.0.0.1", 1), interface("ens192", "203.0.113.10", 2), interface("ens224", "10.9.0.10", 3)]

inner := [route("default", "ens192", 1), route("10.1.0.0/24", "ens224", 2)]

doc(interfaces, routes) := object.union(fixture_host.doc({"interfaces": interfaces, "routes": routes}, {}), {"site": site})

keys(interfaces, routes) := got if got := {f.key | some f in rule.findings} with input as doc(interfaces, routes)

test_fires_on_one_interface if {
	keys([both[0], both[1]], []) == {"one"}
	keys([], []) == {"one"}
}

test_fires_on_an_address_of_the_other_side if {
	keys([both[1], both[2], interface("ens192", "10.9.0.10", 4)], inner) == {"address 10.9.0.10"}
	keys([both[1], both[2], interface("ens224", "203.0.113.10", 4)], inner) == {"address 203.0.113.10"}
}

test_fires_on_nodes_behind_the_outer_interface if {
	some f in rule.findings with input as doc(both, [inner[0]])
	f.key == "route 10.1.0.11"
	startswith(f.fix, "ip route add 10.1.0.11 via the inner gateway dev ens224")
	keys(both, array.concat(inner, [route("10.1.0.11/32", "ens192", 3)])) == {"route 10.1.0.11"}
}

test_fires_on_one_name_for_both_sides if {
	edge := object.union(site.edges[0], {"interfaces": {"external": "ens192", "internal": "ens192"}})
	d := object.union(doc(both, inner), {"site": {"edges": [edge]}})
	"same" in {f.key | some f in rule.findings} with input as d
}

test_silent_on_two_sides if {
	keys(both, inner) == set()
	count(rule.unsure) == 0 with input as doc(both, inner)
	count(rule.subjects) == 1 with input as doc(both, inner)
}

test_silent_on_a_default_route_of_the_other_family if {
	six := object.union(route("default", "ens192", 1), {"family": "ipv6"})
	keys(both, [six]) == set()
	newer := object.union(site, {"nodes": [object.union(site.nodes[0], {"addresses": ["2001:db8::11"]})]})
	{f.key | some f in rule.findings} == {"route 2001:db8::11"} with input as object.union(doc(both, [six]), {"site": newer})
}

test_unsure_without_declared_interfaces if {
	edge := object.union(site.edges[0], {"interfaces": {"external": "", "internal": ""}})
	count(rule.unsure) == 1 with input as object.union(doc(both, inner), {"site": {"edges": [edge]}})
}
