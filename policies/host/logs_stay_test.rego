package policies.host.logs_stay_test

import data.policies.host.logs_stay as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

forwarding(fields) := object.union(
	{
		"by": "rsyslog", "selector": "*.*", "host": "logs.corp.example", "port": fixture.known(6514), "protocol": "tcp", "tls": fixture.known(true),
		"peer_checked": fixture.known(true), "loopback": false, "source": fixture_host.place("forward.conf", 3),
	},
	fields,
)

doc(list) := fixture_host.doc({"log_forwardings": list}, {})

keys(list) := got if got := {f.key | some f in rule.findings} with input as doc(list)

test_fires_where_nothing_leaves_the_host if {
	keys([]) == {"nowhere"}
	keys([forwarding({"loopback": true, "host": "127.0.0.1", "tls": fixture.known(false)})]) == {"nowhere"}
}

test_fires_on_clear_text_and_on_an_unverified_name if {
	keys([forwarding({"tls": fixture.known(false)})]) == {"clear text logs.corp.example"}
	keys([forwarding({"peer_checked": fixture.known(false)})]) == {"unverified logs.corp.example"}
}

test_silent_on_a_verified_log_server if {
	keys([forwarding({})]) == set()
	count(rule.unsure) == 0 with input as doc([forwarding({})])
	count(rule.subjects) == 1 with input as doc([forwarding({})])
}

test_silent_where_it_was_not_read if count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("log_forwarding", {})]}

test_unsure_about_unknown_encryption if {
	count(rule.unsure) == 1 with input as doc([forwarding({"tls": fixture.unknown(false)})])
	count(rule.unsure) == 1 with input as doc([forwarding({"peer_checked": fixture.unknown(false)})])
}
