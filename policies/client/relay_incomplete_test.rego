package policies.client.relay_incomplete_test

import data.policies.client.relay_incomplete as rule
import data.policies.lib.fixture

doc(settings) := fixture.single(settings, [fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])])

from := fixture.inherited("set_real_ip_from", ["203.0.113.20"], 5)

header(name) := fixture.inherited("real_ip_header", [name], 6)

keys(settings) := got if got := {f.key | some f in rule.findings} with input as doc(settings)

test_fires_without_a_header if keys([from, fixture.preset("real_ip_header", ["X-Real-IP"])]) == {"no header"}

test_fires_without_a_load_balancer if keys([header("X-Client-Address")]) == {"no load balancer"}

test_fires_on_the_chain_without_recursion if keys([from, header("X-Forwarded-For"), fixture.preset("real_ip_recursive", ["off"])]) == {"no recursion"}

test_fires_on_proxy_protocol_that_nobody_takes if keys([from, header("proxy_protocol")]) == {"no proxy protocol"}

test_silent_with_an_own_header if {
	count(rule.subjects) == 1 with input as doc([from, header("X-Client-Address")])
	keys([from, header("X-Client-Address")]) == set()
}

test_silent_with_recursion if keys([from, header("X-Forwarded-For"), fixture.inherited("real_ip_recursive", ["on"], 7)]) == set()

test_silent_without_a_relay if keys([fixture.preset("real_ip_header", ["X-Real-IP"])]) == set()
