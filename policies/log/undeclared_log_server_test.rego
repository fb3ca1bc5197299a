package policies.log.undeclared_log_server_test

import data.policies.lib.fixture
import data.policies.log.undeclared_log_server as rule

doc(access, error) := {
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"main": [fixture.setting("error_log", [error], 2)]})],
	"site": {"zones": {"logs": ["10.9.0.99", "10.8.0.0/16", "logs.corp.example"]}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", [access, "gate"], 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_on_a_foreign_access_log if {
	some f in rule.findings with input as doc("syslog:server=192.0.2.7:514,tag=gate", "logs/error.log")
	f.key == "access_log 192.0.2.7"
}

test_fires_on_a_foreign_error_log if {
	some f in rule.findings with input as doc("logs/access.log", "syslog:facility=local7,server=[2001:db8::7]:514")
	f.key == "error_log [2001:db8::7]"
}

test_silent_on_declared_servers_and_the_host_itself if {
	every receiver in ["unix:/dev/log", "127.0.0.1:514", "[::1]:514", "localhost", "10.9.0.99:514", "10.8.3.4", "logs.corp.example"] {
		path := sprintf("syslog:server=%s", [receiver])
		count(rule.findings) == 0 with input as doc(path, path)
		count(rule.unsure) == 0 with input as doc(path, path)
	}
}

test_silent_on_files if {
	count(rule.findings) == 0 with input as doc("logs/access.log", "logs/error.log")
	count(rule.subjects) == 1 with input as doc("logs/access.log", "logs/error.log")
}

test_unsure_about_other_names if count(rule.unsure) == 1 with input as doc("syslog:server=logs.example.net", "logs/error.log")
