package policies.cors.any_header_test

import data.policies.cors.any_header as rule
import data.policies.lib.fixture

doc(allowed, exposed) := {"cors": [object.union(fixture.cors("node/cuic-a", "cuic", "enabled", []), {"allowed_headers": allowed, "exposed_headers": exposed})]}

named := fixture.list(["x-crm-session"], 20)

test_fires_on_either_list if {
	some f in rule.findings with input as doc(fixture.list(["*"], 20), named)
	f.message == "allowed_headers of cuic holds *"
	startswith(f.fix, "Run utils cuic cors allowed_headers delete")
	count(rule.findings) == 1 with input as doc(named, fixture.list(["*"], 20))
}

test_silent_about_names if {
	count(rule.findings | rule.unsure) == 0 with input as doc(named, fixture.list([], 20))
	rule.subjects == {"node/cuic-a"} with input as doc(named, named)
}

test_unsure_when_the_lists_are_not_known if count(rule.unsure) == 2 with input as doc(fixture.no_list, fixture.no_list)
