package policies.gov.placeholder_left_test

import data.policies.gov.placeholder_left as rule
import data.policies.lib.fixture

placeholder(marker, text, line) := {"marker": marker, "text": text, "sample": "sample host", "source": fixture.at("rp-a/nginx.conf", line, "explicit")}

doc(placeholders, entries) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"placeholders": placeholders})],
	"proxymap": fixture.proxymap(entries),
	"profile": {"parameters": {"samples": {"hosts": ["saproxy*", "finesse25", "finesse25.*", "*.host.domain"], "addresses": ["192.168.1.3"]}}},
}

test_fires_on_a_sample_value if {
	some f in rule.findings with input as doc([placeholder(false, "saproxy.autobot.cvp", 44)], [])
	f.subject == "edge/rp-a"
	f.sources[0].line == 44
}

test_fires_once_on_a_repeated_value if {
	some f in rule.findings with input as doc([placeholder(false, "saproxy.autobot.cvp", 44), placeholder(false, "saproxy.autobot.cvp", 48)], [])
	count(f.sources) == 2
}

test_fires_on_sample_hosts_of_the_map if {
	{f.key | some f in rule.findings} == {"internal proxy_pub.host.domain:8445", "external proxy_pub.host.domain:8445"} with input as doc([], [fixture.entry("finesse25.corp.example:8445", "proxy_pub.host.domain:8445", 3)])
}

test_fires_on_a_sample_address if {
	{f.key | some f in rule.findings} == {"internal desk-a.agents.example:8445"} with input as doc([], [fixture.entry("192.168.1.3:8445", "desk-a.agents.example:8445", 3)])
}

test_silent_on_a_name_that_begins_like_a_sample if {
	count(rule.findings) == 0 with input as doc([], [fixture.entry("finesse250.corp.example:8445", "desk-a.agents.example:8445", 3)])
}

test_silent_on_a_marker_whose_value_was_replaced if {
	d := doc([placeholder(true, "##Must-change", 43)], [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 2 with input as d
}
