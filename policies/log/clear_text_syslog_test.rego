package policies.log.clear_text_syslog_test

import data.policies.lib.fixture
import data.policies.log.clear_text_syslog as rule

doc(access, error) := {"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"main": [fixture.setting("error_log", [error], 2)]})]} if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", [access, "gate"], 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_on_a_remote_access_log if {
	some f in rule.findings with input as doc("syslog:server=10.9.0.99:514,tag=gate", "logs/error.log")
	f.key == "access_log 10.9.0.99"
}

test_fires_on_a_remote_error_log if {
	some f in rule.findings with input as doc("logs/access.log", "syslog:facility=local7,server=logs.corp.example")
	f.key == "error_log logs.corp.example"
}

test_silent_on_the_daemon_of_the_host if {
	every receiver in ["unix:/dev/log", "127.0.0.1:514", "[::1]:514", "localhost"] {
		path := sprintf("syslog:server=%s", [receiver])
		count(rule.findings) == 0 with input as doc(path, path)
	}
}

test_silent_on_files if {
	count(rule.findings) == 0 with input as doc("logs/access.log", "logs/error.log")
	count(rule.subjects) == 1 with input as doc("logs/access.log", "logs/error.log")
}
