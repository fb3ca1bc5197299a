package policies.env.block_notices_stay_local_test

import data.policies.env.block_notices_stay_local as rule
import data.policies.lib.fixture_gate as g

doc(property, logs) := object.union(g.doc([property]), {"site": object.union(g.site, {"zones": {"logs": logs}})})

server(text) := doc(g.text("NGX_SYSLOG_SVR_IP", text), ["10.9.0.99"])

test_fires_on_the_delivered_value if {
	some f in rule.findings with input as server("127.0.0.1")
	f.fix == `NGX_SYSLOG_SVR_IP="10.9.0.99"`
}

test_fires_on_an_empty_value_where_no_log_server_is_declared if {
	some f in rule.findings with input as doc(g.text("NGX_SYSLOG_SVR_IP", ""), [])
	contains(f.fix, "address of the log server")
}

test_silent_on_a_log_server if {
	rule.subjects == {"edge/rp-a"} with input as server("10.9.0.99")
	count(rule.findings) == 0 with input as server("10.9.0.99")
	count(rule.unsure) == 0 with input as server("10.9.0.99")
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as doc(g.preset("NGX_SYSLOG_SVR_IP", "127.0.0.1", {}), [])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
