package policies.xc.balancer_lists_differ_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.balancer_lists_differ as rule

doc(trusted, installed, declared) := object.union(g.doc([g.items("NGX_LOAD_BALANCER_IPS", installed)]), {
	"site": object.union(g.site, {"load_balancers": declared}),
	"nginxrules": [object.union(fixture.nginx([], []), {"http": [fixture.setting("set_real_ip_from", [t], 5) | some t in trusted]})],
})

keys(trusted, installed, declared) := got if got := {f.key | some f in rule.findings} with input as doc(trusted, installed, declared)

test_fires_on_a_stranger_and_on_who_is_missing if {
	keys(["203.0.113.21"], ["203.0.113.20"], ["203.0.113.20"]) == {"set_real_ip_from 203.0.113.21", "set_real_ip_from without 203.0.113.20"}
	some f in rule.findings with input as doc(["203.0.113.21"], [], ["203.0.113.20"])
	{s.artifact | some s in f.sources} == {"rp-a/nginx.conf", "site.yaml"}
}

test_fires_on_the_list_of_the_installer if {
	keys(["203.0.113.20"], ["203.0.113.20", "203.0.113.99"], ["203.0.113.20"]) == {"NGX_LOAD_BALANCER_IPS 203.0.113.99"}
}

test_silent_when_all_agree if {
	keys(["203.0.113.20/32"], ["203.0.113.20"], ["lb.example", "203.0.113.20"]) == set()
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.20"], ["203.0.113.20"], ["203.0.113.20"])
}

test_silent_without_anybody if count(rule.subjects) == 0 with input as doc([], [], [])

test_unsure_when_only_names_are_declared if count(rule.unsure) == 1 with input as doc(["lb.example"], [], ["lb.example"])
