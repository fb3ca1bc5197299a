package policies.vos.custom_report_unbounded_test

import data.policies.lib.fixture
import data.policies.vos.custom_report_unbounded as rule

limits := [{"name": "vpnless-response-size-ht", "bytes": 8388608}]

property(value, bytes) := {"group": "cuic", "name": "vpnless-response-size-ht", "value": value, "bytes": bytes, "format": "inferred", "source": fixture.cli(80)}

doc(reports, properties) := {
	"vos": [fixture.vos("node/cuic-a", {"proxy_custom_reports": reports, "properties": properties})],
	"site": fixture.site, "profile": {"parameters": {"vos": {"report_bytes": limits}}},
}

fit := property("8 MB", fixture.known(8388608))

test_fires_when_reports_are_closed if {
	some f in rule.findings with input as doc(fixture.value("off", 70), [fit])
	f.message == "allow-proxy-custom-report is off, so no custom report passes the gate"
}

test_fires_on_a_size_beyond_the_limit if {
	some f in rule.findings with input as doc(fixture.value("on", 70), [property("64 MB", fixture.known(67108864))])
	f.message == "vpnless-response-size-ht is 64 MB, more than the 8388608 bytes that the guide bounds it to"
}

test_silent_within_the_limit if {
	d := doc(fixture.value("on", 70), [fit])
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/cuic-a"} with input as d
}

test_unsure_about_what_was_not_shown if {
	count(rule.unsure) == 1 with input as doc(fixture.no_value, [fit])
	count(rule.unsure) == 1 with input as doc(fixture.value("on", 70), [])
	count(rule.unsure) == 1 with input as doc(fixture.value("on", 70), [property("much", fixture.unknown(0))])
}
