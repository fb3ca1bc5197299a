package policies.vos.application_not_running_test

import data.policies.lib.fixture
import data.policies.vos.application_not_running as rule

table := [
	{"component": "finesse", "service": "Finesse Tomcat", "from": "", "before": ""},
	{"component": "livedata", "service": "Live Data NGINX", "from": "", "before": "12.6"},
	{"component": "livedata", "service": "Web Proxy", "from": "12.6", "before": ""},
]

doc(target, role, fields) := {
	"vos": [fixture.vos(target, fields)],
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node(trim_prefix(target, "node/"), role, "n.corp.example"), {"version": ""})]}),
	"profile": {"parameters": {"vos": {"services": table}}},
}

change := fixture.command("utils finesse cors allowed_origin add https://crm.example", "change", 10)

test_fires_when_a_service_is_stopped if {
	some f in rule.findings with input as doc("node/fin-a", "finesse", {"services": fixture.services({"Finesse Tomcat": "stopped"})})
	f.message == "Finesse Tomcat is stopped on the node"
}

test_fires_on_the_service_of_the_release if {
	old := fixture.release("12.5.1.1-1", 9)
	new := fixture.release("12.6.1.1-1", 0)
	listed := {"services": fixture.services({"Web Proxy": "stopped", "Live Data NGINX": "started"})}
	count(rule.findings) == 0 with input as doc("node/ld-a", "livedata", object.union(old, listed))
	count(rule.findings) == 1 with input as doc("node/ld-a", "livedata", object.union(new, listed))
}

test_fires_on_a_server_that_runs_all if {
	count(rule.findings) == 1 with input as doc("node/x", "uccx", {"services": fixture.services({"Finesse Tomcat": "stopping"})})
}

test_silent_when_it_runs if {
	d := doc("node/fin-a", "finesse", {"services": fixture.services({"Finesse Tomcat": "started"})})
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_after_a_restart if {
	d := doc("node/fin-a", "finesse", {"services": fixture.services({"Finesse Tomcat": "started"}), "commands": [change], "service_restarts": [fixture.restart("Finesse Tomcat", "started", 12)]})
	count(rule.unsure) == 0 with input as d
}

test_unsure_after_a_change if {
	d := doc("node/fin-a", "finesse", {"services": fixture.services({"Finesse Tomcat": "started"}), "commands": [change]})
	count(rule.unsure) == 1 with input as d
}

test_unsure_without_the_list if count(rule.unsure) == 1 with input as doc("node/fin-a", "finesse", {"services": fixture.no_services})

test_unsure_without_the_release if {
	d := doc("node/ld-a", "livedata", {"services": fixture.services({"Web Proxy": "started"})})
	{u.reason | some u in rule.unsure} == {"which services keep the lists depends on the release, which is not known"} with input as d
}
