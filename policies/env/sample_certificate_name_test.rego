package policies.env.sample_certificate_name_test

import data.policies.env.sample_certificate_name as rule
import data.policies.lib.fixture_gate as g

samples := {"profile": {"parameters": {"samples": {"certificate_names": ["*.cisco.com", "cisco.com"], "hosts": ["*.host.domain"]}}}}

name(text) := object.union(g.doc([g.text("CERTIFICATE_COMMON_NAME", text)]), samples)

test_fires_on_the_sample if {
	some f in rule.findings with input as name("*.cisco.com")
	f.key == "core.env CERTIFICATE_COMMON_NAME"
	count(rule.findings) == 1 with input as name("proxy_pub.host.domain")
	count(rule.findings) == 1 with input as name("Cisco.com")
}

test_silent_on_an_own_name if {
	rule.subjects == {"edge/rp-a"} with input as name("desk-a.agents.example")
	count(rule.findings) == 0 with input as name("desk-a.agents.example")
	count(rule.findings) == 0 with input as name("francisco.com")
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.preset("CERTIFICATE_COMMON_NAME", "*.cisco.com", {})])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
