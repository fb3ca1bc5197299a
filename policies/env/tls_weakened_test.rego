package policies.env.tls_weakened_test

import data.policies.env.tls_weakened as rule
import data.policies.lib.fixture_gate as g

doc(value) := g.with_gate(g.doc([g.text("NGX_SSL_PROTO", value)]), gate)

gate := {"env_words": [{"name": "NGX_SSL_PROTO", "topic": "tls", "words": ["TLSv1.2"]}]}

test_fires_on_another_word if {
	some f in rule.findings with input as doc("TLSv1.1")
	f.key == "core.env NGX_SSL_PROTO TLSv1.1"
	f.fix == "NGX_SSL_PROTO=TLSv1.2"
	f.sources[0].line == 5
}

test_silent_on_the_word_of_the_profile if {
	rule.subjects == {"edge/rp-a"} with input as doc("TLSv1.2")
	count(rule.findings) == 0 with input as doc("TLSv1.2")
	count(rule.unsure) == 0 with input as doc("TLSv1.2")
}

test_silent_on_what_nothing_assigns if {
	d := g.with_gate(g.doc([g.without_default("NGX_SSL_PROTO")]), gate)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_about_a_value_that_needs_a_shell if {
	p := object.union(g.text("NGX_SSL_PROTO", ""), {"value": g.none("")})
	count(rule.unsure) == 1 with input as g.with_gate(g.doc([p]), gate)
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, gate)

test_fires_on_broken_suites if {
	some f in rule.findings with input as g.with_gate(g.doc([g.text("NGX_SSL_CIPHERS", "EECDH+AESGCM:RC4:3DES:!3DES")]), gate)
	f.key == "core.env NGX_SSL_CIPHERS RC4"
}
