package policies.upstream.unverified_test

import data.policies.lib.fixture
import data.policies.upstream.unverified as rule

parameters := {"profile": {"parameters": {"gate": {"verify_depth_least": 4, "verify_depth_most": 10}}}}

node := fixture.forward("fin-a.corp.example", 8445)

doc(settings, forwards) := object.union(fixture.single([], [fixture.location("prefix", "/desktop/", settings, forwards)]), parameters)

verify := fixture.setting("proxy_ssl_verify", ["on"], 21)

trust := fixture.setting("proxy_ssl_trusted_certificate", ["ssl/upstream-ca.pem"], 22)

depth(n) := fixture.amount("proxy_ssl_verify_depth", sprintf("%d", [n]), n, 23)

name := fixture.setting("proxy_ssl_server_name", ["on"], 24)

all_right := [verify, trust, depth(4), name]

test_fires_on_each_missing_part if {
	keys := {f.key | some f in rule.findings} with input as doc([fixture.setting("proxy_ssl_verify", ["off"], 21), depth(1), fixture.setting("proxy_ssl_server_name", ["off"], 24)], [node])
	keys == {
		"location /desktop/ proxy_ssl_verify", "location /desktop/ proxy_ssl_server_name",
		"location /desktop/ proxy_ssl_trusted_certificate", "location /desktop/ proxy_ssl_verify_depth",
	}
}

test_fires_on_the_default_with_the_place_of_the_server if {
	d := object.union(fixture.single([fixture.preset("proxy_ssl_verify", ["off"]), trust, depth(4), name], [fixture.location("prefix", "/", [], [node])]), parameters)
	some f in rule.findings with input as d
	f.sources[0].line == 10
}

test_fires_on_clear_text if {
	{f.key | some f in rule.findings} == {"location /desktop/ clear text"} with input as doc([], [object.union(node, {"scheme": "http"})])
}

test_fires_on_a_name_from_the_request if {
	some f in rule.findings with input as doc(array.concat(all_right, [fixture.setting("proxy_ssl_name", ["$host"], 25)]), [node])
	f.key == "location /desktop/ proxy_ssl_name"
}

test_silent_when_verified if {
	count(rule.subjects) == 1 with input as doc(all_right, [node])
	count(rule.findings) == 0 with input as doc(all_right, [node])
	count(rule.unsure) == 0 with input as doc(all_right, [node])
}

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc([trust, name], [node])

test_fires_on_a_name_from_an_argument if {
	every text in ["$arg_host", "${http_x_node}", "$cookie_node.corp.example"] {
		some f in rule.findings with input as doc(array.concat(all_right, [fixture.setting("proxy_ssl_name", [text], 25)]), [node])
		f.key == "location /desktop/ proxy_ssl_name"
	}
}

test_unsure_about_a_computed_name if {
	d := doc(array.concat(all_right, [fixture.setting("proxy_ssl_name", ["$node"], 25)]), [node])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_about_a_computed_scheme_that_is_judged_all_the_same if {
	either := object.union(node, {"scheme": "$scheme", "computed": true})
	count(rule.unsure) == 1 with input as doc(all_right, [either])
	{f.key | some f in rule.findings} == {"location /desktop/ proxy_ssl_verify"} with input as doc([fixture.setting("proxy_ssl_verify", ["off"], 21), trust, depth(4), name], [either])
}

test_fires_behind_another_server_of_the_gate if {
	clear := object.union(fixture.forward("fin-a.corp.example", 8082), {"scheme": "http"})
	d := object.union(fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [clear])]), {"profile": {"parameters": {"gate": {"verify_depth_least": 4, "verify_depth_most": 10}}}})
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/inner:8081"} with input as d
}
