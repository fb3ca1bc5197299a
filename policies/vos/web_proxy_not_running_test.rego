package policies.vos.web_proxy_not_running_test

import data.policies.lib.fixture
import data.policies.vos.web_proxy_not_running as rule

name := "Cisco Web Proxy Service"

doc(fields) := {"vos": [fixture.vos("node/fin-a", fields)], "site": fixture.site, "profile": {"parameters": {"vos": {"proxy_service": name}}}}

running := fixture.services({name: "started", "Cisco Tomcat": "started"})

change := fixture.command("utils system reverse-proxy allowed-hosts add desk-c.agents.example", "change", 10)

test_fires_when_it_is_stopped if {
	some f in rule.findings with input as doc({"services": fixture.services({name: "stopped"})})
	f.message == "Cisco Web Proxy Service is stopped on the node"
	f.sources == [fixture.cli(51)]
}

test_silent_when_it_runs if {
	d := doc({"services": running})
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_when_the_change_was_followed_by_a_restart if {
	d := doc({"services": running, "commands": [change], "service_restarts": [fixture.restart(name, "started", 14)]})
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_the_change_was_not_followed_by_a_restart if {
	d := doc({"services": running, "commands": [change], "service_restarts": [fixture.restart(name, "started", 4), fixture.restart(name, "stopping", 14)]})
	{u.reason | some u in rule.unsure} == {"the transcript shows \"utils system reverse-proxy allowed-hosts add desk-c.agents.example\" in line 10 and no restart of Cisco Web Proxy Service after it"} with input as d
}

test_silent_about_other_changes if {
	count(rule.unsure) == 0 with input as doc({"services": running, "commands": [fixture.command("utils finesse cors enable", "change", 10)]})
}

test_unsure_when_the_list_is_not_known if count(rule.unsure) == 1 with input as doc({"services": fixture.no_services})
