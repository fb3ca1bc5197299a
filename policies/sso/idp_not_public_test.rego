package policies.sso.idp_not_public_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.idp_not_public as rule

doc(view, status, addresses) := {"site": trust.site([]), "dns": [trust.dns(view, [trust.name("sso.example", status, addresses)])]}

test_fires_without_a_public_address if {
	count(rule.findings) == 1 with input as doc("internet", "nxdomain", [])
	count(rule.findings) == 1 with input as doc("internet", "answered", ["10.1.0.40"])
	count(rule.findings) == 1 with input as doc("internet", "answered", ["fe80::1%eth0"])
}

test_silent_with_a_public_address if {
	d := doc("internet", "answered", ["203.0.113.40"])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_without_a_provider if count(rule.subjects) == 0 with input as {"site": object.union(trust.site([]), {"idp": {"host": "", "metadata": ""}}), "dns": []}

test_unsure_when_only_looked_up_inside if count(rule.unsure) == 1 with input as doc("lan", "answered", ["10.1.0.40"])

test_unsure_when_the_look_up_failed if count(rule.unsure) == 1 with input as doc("internet", "failed", [])
