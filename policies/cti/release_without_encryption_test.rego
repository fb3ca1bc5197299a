package policies.cti.release_without_encryption_test

import data.policies.cti.release_without_encryption as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

component(kind, version) := {"component": kind, "name": sprintf("%s-a", [kind]), "version": version, "source": fixture.at("site.yaml", 80, "declared")}

doc(components) := object.union(trust.cti({}, {}), {"site": object.union(trust.site([]), {"contact_center": components})})

test_fires_on_an_old_gateway if {
	some f in rule.findings with input as doc([component("pg", "11.6.2")])
	f.key == "pg-a"
	contains(f.message, "begin with 12.0")
}

test_silent_on_later_releases if {
	count(rule.findings) == 0 with input as doc([component("pg", "12.0"), component("router", "12.6(2)"), component("aw", "9.0")])
	count(rule.unsure) == 0 with input as doc([component("pg", "12.0")])
	rule.subjects == {"site"} with input as doc([component("pg", "12.0")])
}

test_unsure_about_a_version_of_another_form if count(rule.unsure) == 1 with input as doc([component("pg", "twelve")])

test_unsure_without_a_gateway if count(rule.unsure) == 1 with input as doc([component("router", "12.6")])

test_silent_without_cti if count(rule.subjects) == 0 with input as {"cti": [], "site": trust.site([])}
