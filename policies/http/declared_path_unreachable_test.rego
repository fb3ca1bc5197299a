package policies.http.declared_path_unreachable_test

import data.policies.http.declared_path_unreachable as rule
import data.policies.lib.exposure

path(artifact) := {"component": "cuic", "template": "/ccp/**", "methods": ["GET", "PUT"], "source": {"artifact": artifact, "line": 8, "column": 1}}

site(paths) := object.union({"site": {"surface": "./paths.yaml"}}, exposure.proof([], [], [], paths))

test_fires_for_a_path_of_the_sites_own_surface if {
	some f in rule.findings with input as site([path("paths.yaml")])
	f.subject == "edge/rp-a"
	f.message == "no request reaches /ccp/** of cuic with GET, PUT, which the site's surface lists"
	f.sources[0].line == 8
}

test_silent_for_a_path_of_the_product if {
	d := site([path("policies/paths/finesse-12.6.1.yaml")])
	count(rule.findings) == 0 with input as d
	rule.subjects == {"edge/rp-a"} with input as d
}

test_not_asked_where_the_site_has_no_surface if {
	d := object.union(site([path("")]), {"site": {"surface": ""}})
	count(rule.subjects) == 0 with input as d
}

test_unsure_where_the_proof_is_open if {
	some u in rule.unsure with input as exposure.open([], "edge/rp-a")
	u.subject == "edge/rp-a"
	contains(u.reason, "a script")
}
