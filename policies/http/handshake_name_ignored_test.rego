package policies.http.handshake_name_ignored_test

import data.policies.http.handshake_name_ignored as rule
import data.policies.lib.live

doc(name, fields) := live.edge([live.request(name, fields)])

test_fires_when_another_host_is_served if {
	some f in rule.findings with input as doc("host_not_sni", {"host": "desk-b.agents.example:8445"})
	f.key == "host_not_sni"
	contains(f.fix, "$ssl_server_name != $host")
}

test_silent_when_the_handshake_is_refused if {
	d := doc("unknown_sni", {"status": 0, "outcome": "refused", "refusal": "tls_alert", "denied": true})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_not_comparable if count(rule.unsure) == 1 with input as doc("no_sni", {"comparable": false})

test_unsure_when_somebody_behind_may_have_said_no if count(rule.unsure) == 1 with input as doc("no_sni", {"status": 404, "denied_known": false})

test_unsure_on_silence if count(rule.unsure) == 1 with input as doc("sni_not_host", {"outcome": "unknown", "denied_known": false, "reason": "timeout"})

test_unsure_when_nothing_was_asked if count(rule.unsure) == 1 with input as live.edge([])
