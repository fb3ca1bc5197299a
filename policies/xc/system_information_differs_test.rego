package policies.xc.system_information_differs_test

import data.policies.lib.fixture
import data.policies.lib.live
import data.policies.xc.system_information_differs as rule

entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 4)]

host(name, port) := {"name": "host", "role": "primary", "host": name, "port": port, "source": live.place}

desktop(proxied, hosts) := {"known": true, "is_proxy_request": proxied, "hosts": hosts, "source": live.place}

none := {"known": false, "is_proxy_request": fixture.unknown(false), "hosts": [], "source": live.place}

doc(system, config) := {"http": [object.union(live.listener("edge/rp-a", []), {"system_hosts": system, "desktop": config})], "proxymap": fixture.proxymap(entries), "site": fixture.site}

own := host("Desk-A.agents.example", 8445)

test_fires_on_an_inside_name if {
	some f in rule.findings with input as doc([host("fin-a.corp.example", 8445)], desktop(fixture.known(true), [host("fin-a.corp.example", 8445)]))
	f.message == "DesktopConfig and SystemInfo: names fin-a.corp.example:8445, to which no entry of the map leads"
	{s.artifact | some s in f.sources} == {"proxymap.txt", ""}
}

test_fires_on_a_name_without_a_port if {
	{f.key | some f in rule.findings} == {"fin-b.corp.example"} with input as doc([], desktop(fixture.known(true), [host("fin-b.corp.example", 0), host("desk-a.agents.example", 0)]))
}

test_fires_when_the_gate_is_not_recognised if {
	{f.key | some f in rule.findings} == {"isProxyRequest"} with input as doc([own], desktop(fixture.known(false), []))
}

test_silent_when_the_map_has_them if {
	d := doc([own], desktop(fixture.known(true), [own]))
	count(rule.findings | rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_when_neither_is_answered if count(rule.unsure) == 1 with input as doc([], none)
