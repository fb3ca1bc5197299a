package policies.log.logs_stay_on_host_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate
import data.policies.log.logs_stay_on_host as rule

nginx(log) := object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"main": [fixture.setting("error_log", [log], 2)]}) if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", [log, "gate"], 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

site(env) := {"edges": [object.union(fixture.edge("rp-a", [], []), {"env": env})]}

without_env(log) := {"nginxrules": [nginx(log)], "site": site(""), "env": [], "host": [], "profile": {"release": "12.6(1)"}}

shipped(on) := object.union(without_env("logs/x.log"), {
	"site": site("rp-a/envs"),
	"env": [{"target": "edge/rp-a", "files": [], "properties": [fixture_gate.boolean("NGX_LIVE_LOG_SHIPPING_ENABLED", on)], "secrets": [], "source": fixture.at("rp-a/envs", 1, "explicit")}],
})

test_fires_on_files_alone if {
	keys := {f.key | some f in rule.findings} with input as without_env("logs/x.log")
	keys == {"access_log", "error_log"}
}

test_fires_when_shipping_is_off if {
	some f in rule.findings with input as shipped(false)
	count(f.sources) == 2
}

test_silent_when_shipped if {
	count(rule.findings) == 0 with input as shipped(true)
	count(rule.unsure) == 0 with input as shipped(true)
}

test_silent_when_handed_to_syslog if {
	count(rule.findings) == 0 with input as without_env("syslog:server=unix:/dev/log")
	count(rule.subjects) == 1 with input as without_env("syslog:server=unix:/dev/log")
}

test_unsure_when_the_installer_files_were_not_read if {
	d := object.union(without_env("logs/x.log"), {"site": site("rp-a/envs")})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 2 with input as d
}

test_unsure_when_the_switch_is_not_known if {
	d := object.union(without_env("logs/x.log"), {
		"site": site("rp-a/envs"),
		"env": [{"target": "edge/rp-a", "files": [], "properties": [fixture_gate.without_default("NGX_LIVE_LOG_SHIPPING_ENABLED")], "secrets": [], "source": fixture.at("rp-a/envs", 1, "explicit")}],
	})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 2 with input as d
}

host(forwardings, complete) := {"host": [{
	"target": "edge/rp-a", "log_forwardings": [{"by": "rsyslog", "host": "10.9.0.99", "loopback": loopback} | some loopback in forwardings],
	"parts": [{"name": "log_forwarding", "read": complete, "complete": complete, "source": fixture.at("rp-a/etc/rsyslog.conf", 1, "explicit")}],
}]}

test_silent_when_the_daemon_of_the_host_forwards if {
	count(rule.findings) == 0 with input as object.union(without_env("logs/x.log"), host([false], true))
}

test_fires_when_the_daemon_keeps_the_lines if {
	count(rule.findings) == 2 with input as object.union(without_env("logs/x.log"), host([true], true))
}

test_unsure_when_the_daemon_was_not_understood if {
	d := object.union(without_env("logs/x.log"), host([], false))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 2 with input as d
}
