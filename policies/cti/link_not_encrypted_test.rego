package policies.cti.link_not_encrypted_test

import data.policies.cti.link_not_encrypted as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

test_fires_without_encryption if {
	{f.key | some f in rule.findings} == {"secure"} with input as trust.cti({}, {"secure": fixture.known(false)})
}

test_fires_once_for_several_settings if {
	d := trust.cti({}, {"secure": fixture.known(false)})
	two := [object.union(d.cti[0], {"settings": array.concat(d.cti[0].settings, [object.union(d.cti[0].settings[0], {"a": trust.peer("x.corp.example", 1)})])})]
	count(rule.findings) == 1 with input as object.union(d, {"cti": two})
}

test_fires_without_side_b if {
	{f.key | some f in rule.findings} == {"side b"} with input as trust.cti({"side": "b"}, {"b": trust.peer("", 0)})
}

test_silent_when_encrypted if {
	count(rule.findings) == 0 with input as trust.cti({}, {})
	count(rule.unsure) == 0 with input as trust.cti({}, {})
	rule.subjects == {"site"} with input as trust.cti({}, {})
}

test_unsure_when_not_told if count(rule.unsure) == 1 with input as trust.cti({}, {"secure": fixture.unknown(false)})

test_unsure_about_several_settings if {
	d := trust.cti({}, {})
	two := [object.union(d.cti[0], {"settings": array.concat(d.cti[0].settings, [object.union(d.cti[0].settings[0], {"a": trust.peer("x.corp.example", 1)})])})]
	count(rule.unsure) == 1 with input as object.union(d, {"cti": two})
}
