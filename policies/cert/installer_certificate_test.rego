package policies.cert.installer_certificate_test

import data.policies.cert.installer_certificate as rule
import data.policies.lib.fixture

property(name, fields) := object.union(
	{"name": name, "set": true, "effective": true, "switch": fixture.unknown(false), "value": fixture.unknown(""), "source": fixture.at("rp-a/envs/installer.env", 9, "explicit")},
	fields,
)

doc(properties) := {"env": [{"target": "edge/rp-a", "properties": properties, "source": fixture.at("rp-a/envs", 0, "declared")}]}

switch(value, fields) := property("CREATE_SELF_SIGNED_SSL_CERT", object.union({"switch": fixture.known(value)}, fields))

test_fires_when_switched_on if {
	some f in rule.findings with input as doc([switch(true, {})])
	f.sources[0].line == 9
}

test_fires_when_left_on_by_default if {
	some f in rule.findings with input as doc([switch(true, {"set": false})])
	f.sources[0].artifact == "rp-a/envs"
}

test_silent_when_off if {
	d := doc([switch(false, {})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_on_another_word if count(rule.unsure) == 1 with input as doc([property("CREATE_SELF_SIGNED_SSL_CERT", {})])
