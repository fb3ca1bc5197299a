package policies.vos.notification_by_polling_test

import data.policies.lib.fixture
import data.policies.vos.notification_by_polling as rule

doc(value) := {"vos": [fixture.vos("node/fin-a", {"notification_connection": value}), fixture.vos("node/cuic-a", {})], "site": fixture.site}

test_fires_on_the_wrong_value if {
	some f in rule.findings with input as doc(fixture.value("bosh", 70))
	f.message == "notificationConnectionType is bosh, which no gate passes on"
	f.sources == [fixture.cli(70)]
}

test_silent_on_the_right_value if {
	count(rule.findings | rule.unsure) == 0 with input as doc(fixture.value("websocket", 70))
	rule.subjects == {"node/fin-a"} with input as doc(fixture.value("websocket", 70))
}

test_unsure_when_it_was_not_shown if {
	count(rule.findings) == 0 with input as doc(fixture.no_value)
	count(rule.unsure) == 1 with input as doc(fixture.no_value)
}
