package policies.xc.notification_port_mapped_test

import data.policies.lib.fixture
import data.policies.xc.notification_port_mapped as rule

doc(entries) := {"proxymap": fixture.proxymap(entries), "site": fixture.site, "profile": {"parameters": {"vos": {"notification_ports": [7443, 5222]}}}}

test_fires_on_a_mapped_port if {
	some f in rule.findings with input as doc([fixture.entry("fin-a.corp.example:7443", "desk-a.agents.example:7443", 3)])
	f.message == "port 7443 of fin-a.corp.example is mapped to desk-a.agents.example:7443, which carries no notifications outside"
	f.fix == "Delete the line fin-a.corp.example:7443=desk-a.agents.example:7443 from the map."
	{s.artifact | some s in f.sources} == {"proxymap.txt", "site.yaml"}
}

test_silent_about_other_ports_and_servers if {
	d := doc([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("cuic-a.corp.example:7443", "desk-a.agents.example:7443", 4)])
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"map/fin-a.corp.example:8445"} with input as d
}

test_unsure_about_a_server_that_is_not_declared if {
	d := doc([fixture.entry("fin-x.corp.example:7443", "desk-x.agents.example:7443", 3)])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == rule.subjects with input as d
}
