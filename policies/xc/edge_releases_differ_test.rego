package policies.xc.edge_releases_differ_test

import data.policies.lib.build
import data.policies.lib.fixture
import data.policies.xc.edge_releases_differ as rule

site := {"edges": [object.union(fixture.edge("rp-a", [], []), {"side": "a"}), object.union(fixture.edge("rp-b", [], []), {"side": "b"})]}

doc(release, fields) := {"site": site, "nginxrules": [build.edge("rp-a", "nginx", "1.25.3", {}), build.edge("rp-b", "nginx", release, fields)]}

test_fires_on_another_release if {
	some f in rule.findings with input as doc("1.22.1", {})
	f.key == "rp-a: program"
	count(f.sources) == 2
}

test_fires_on_another_library if {
	some f in rule.findings with input as doc("1.25.3", {"running_with": build.library("3.5.0")})
	f.key == "rp-a: library"
}

test_silent_when_equal if {
	count(rule.findings) == 0 with input as doc("1.25.3", {})
	count(rule.unsure) == 0 with input as doc("1.25.3", {})
	count(rule.subjects) == 1 with input as doc("1.25.3", {})
}

test_unsure_when_one_is_not_known if count(rule.unsure) == 1 with input as doc("1.25.3", {"known": false})
