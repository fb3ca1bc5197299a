package policies.env.tls_beyond_vendor_baseline_test

import data.policies.env.tls_beyond_vendor_baseline as rule
import data.policies.lib.fixture_gate as g

judged(d) := object.union(d, {"profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"], "http": {"strict_tls_versions": ["TLSv1.2"]}}}})

doc(text) := judged(g.doc([g.text("NGX_SSL_PROTO", text)]))

test_fires_on_a_newer_version if {
	some f in rule.findings with input as doc("TLSv1.2 TLSv1.3")
	f.subject == "edge/rp-a"
	f.fix == `NGX_SSL_PROTO="TLSv1.2"`
	f.sources[0].artifact == "rp-a/envs/core.env"
	count(rule.findings) == 1 with input as doc("TLSv1.2 TLSv1.3")
}

test_silent_on_the_baseline if {
	count(rule.findings | rule.unsure) == 0 with input as doc("TLSv1.2")
	rule.subjects == {"edge/rp-a"} with input as doc("TLSv1.2")
}

test_silent_on_retired_versions_which_are_another_matter if count(rule.findings) == 0 with input as doc("TLSv1 TLSv1.2")

test_silent_where_no_installer_ran if count(rule.subjects) == 0 with input as judged(g.undeclared)

test_unsure_without_a_value if {
	count(rule.unsure) == 1 with input as judged(g.doc([object.union(g.text("NGX_SSL_PROTO", ""), {"value": g.none("")})]))
	count(rule.unsure) == 0 with input as judged(g.doc([g.without_default("NGX_SSL_PROTO")]))
	count(rule.unsure) == 1 with input as judged(g.unread)
}
