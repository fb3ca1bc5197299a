package policies.tls.session_tickets_issued_test

import data.policies.lib.fixture
import data.policies.tls.session_tickets_issued as rule

doc(tickets) := {"tlsposture": [fixture.desk({"tickets": tickets})]}

test_fires_when_a_ticket_came if count(rule.findings) == 1 with input as doc(fixture.known(true))

test_silent_when_none_came if {
	d := doc(fixture.known(false))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_not_seen if count(rule.unsure) == 1 with input as doc(fixture.unknown(false))
