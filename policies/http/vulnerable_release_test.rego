package policies.http.vulnerable_release_test

import data.policies.http.vulnerable_release as rule
import data.policies.lib.build
import data.policies.lib.fixture

advisories := [
	{"id": "CVE-2021-23017", "product": "nginx", "from": [0, 6, 18], "before": [1, 20, 1], "directive": "resolver", "title": "x"},
	{"id": "CVE-2024-39702", "product": "openresty", "from": [1, 19, 3, 1], "before": [1, 25, 3, 2], "directive": "", "title": "y"},
]

profile := {"profile": {"parameters": {"http": {"advisories": advisories, "nginx_minimum": [1, 19, 0]}}}}

doc(flavour, release, fields, http) := object.union({"nginxrules": [object.union(build.edge("rp-a", flavour, release, fields), {"http": http})]}, profile)

resolver := [fixture.setting("resolver", ["10.9.0.53"], 5)]

test_fires_where_the_directive_is_used if {
	some f in rule.findings with input as doc("nginx", "1.19.9", {}, resolver)
	f.key == "CVE-2021-23017"
	f.fix == "Update nginx to 1.20.1 or later."
}

test_fires_on_openresty if {
	some f in rule.findings with input as doc("openresty", "1.21.4.1", {}, [])
	f.key == "CVE-2024-39702"
}

test_fires_below_the_tested_floor if {
	some f in rule.findings with input as doc("nginx", "1.18.0", {}, [])
	f.key == "oldest"
}

test_silent_where_the_directive_is_not_used if {
	count(rule.findings) == 0 with input as doc("nginx", "1.19.9", {}, [])
	count(rule.unsure) == 0 with input as doc("nginx", "1.19.9", {}, [])
}

test_silent_on_a_fixed_release if {
	count(rule.findings) == 0 with input as doc("nginx", "1.20.1", {}, resolver)
	count(rule.findings) == 0 with input as doc("openresty", "1.25.3.2", {}, [])
}

test_unsure_about_packages_of_a_distribution if {
	d := doc("nginx", "1.19.9", {"packager": "Ubuntu"}, resolver)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_when_the_program_is_not_known if count(rule.unsure) == 1 with input as doc("nginx", "1.20.1", {"known": false}, [])
