package policies.auth.digital_channel_open_test

import data.policies.auth.digital_channel_open as rule
import data.policies.lib.fixture_gate as g

file := g.file("cloudconnect.env", "component", "cloudconnect", "cc")

doc(property) := object.union(g.doc([]), {"env": [g.record([g.core, file], [property])]})

list(items) := doc(g.assigned("cloudconnect.env", "cloudconnect", "NGX_CLOUDCONNECT_CLIENT_IPS", concat("|", items), {"kind": "list", "list": items}))

test_fires_on_an_empty_list if {
	some f in rule.findings with input as list([])
	f.key == "cloudconnect.env empty"
}

test_fires_on_everybody_and_on_half_a_continent if {
	{f.key | some f in rule.findings} == {"cloudconnect.env 0.0.0.0/0", "cloudconnect.env 203.0.0.0/12"} with input as list(["0.0.0.0/0", "203.0.0.0/12", "198.51.100.20"])
}

test_fires_on_a_name if count(rule.findings) == 1 with input as list(["channel.example"])

test_silent_on_named_addresses if {
	rule.subjects == {"edge/rp-a"} with input as list(["198.51.100.20", "198.51.100.0/28", "2001:db8::7"])
	count(rule.findings) == 0 with input as list(["198.51.100.20", "198.51.100.0/28", "2001:db8::7"])
}

test_silent_without_cloud_connect if {
	rule.subjects == {"edge/rp-a"} with input as g.doc([g.items("NGX_CLOUDCONNECT_CLIENT_IPS", [])])
	count(rule.findings) == 0 with input as g.doc([g.items("NGX_CLOUDCONNECT_CLIENT_IPS", [])])
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as doc(g.without_default("NGX_CLOUDCONNECT_CLIENT_IPS"))
