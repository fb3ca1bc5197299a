package policies.auth.installer_secret_short_test

import data.policies.auth.installer_secret_short as rule
import data.policies.lib.fixture_gate as g

secret(length) := g.assigned("core.env", "", "NGX_JWT_SECRET", "", {
	"kind": "secret", "secret": true, "value": g.none(""),
	"mark": {"kind": "random-key", "length": length, "sha256": "", "source": g.place("core.env", 2)},
})

test_fires_on_what_a_person_typed if {
	some f in rule.findings with input as g.doc([secret(0)])
	f.key == "NGX_JWT_SECRET in core.env"
}

test_fires_on_half_a_secret if count(rule.findings) == 1 with input as g.doc([secret(24)])

test_silent_on_a_full_secret if {
	rule.subjects == {"edge/rp-a"} with input as g.doc([secret(44)])
	count(rule.findings) == 0 with input as g.doc([secret(44)])
	count(rule.unsure) == 0 with input as g.doc([secret(44)])
}

test_silent_where_keys_are_fetched if {
	d := object.union(g.doc([secret(0)]), {"profile": {"release": "15.0(1)", "parameters": {"jwt_secret_used": false}}})
	count(rule.subjects) == 0 with input as d
}

test_unsure_when_it_is_not_recognised_or_missing if {
	count(rule.unsure) == 1 with input as g.doc([g.text("NGX_JWT_SECRET", "x")])
	count(rule.unsure) == 1 with input as g.doc([])
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
