package policies.http.resource_manager_missing_test

import data.policies.http.resource_manager_missing as rule
import data.policies.lib.fixture

handler(phase, requires, fields) := object.union(
	{
		"directive": sprintf("%s_by_lua_block", [phase]), "phase": phase, "server": "", "location": "", "modifier": "prefix", "upstream": "", "file": "",
		"complete": true, "computed": false, "requires": requires, "shared_dictionaries": [], "urls": [], "source": fixture.at("rp-a/nginx.conf", 40, "explicit"),
	},
	fields,
)

doc(handlers) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"lua": handlers})],
	"profile": {"parameters": {"http": {"resource_managers": ["desktop_manager", "gadget_manager"]}}},
}

test_fires_on_a_missing_manager if {
	some f in rule.findings with input as doc([handler("init_worker", ["lua.desktop_manager"], {})])
	f.key == "gadget_manager"
}

test_fires_on_both if count(rule.findings) == 2 with input as doc([handler("init_worker", ["users"], {})])

test_silent_with_both if {
	count(rule.findings) == 0 with input as doc([handler("init_worker", ["desktop_manager", "gadget_manager"], {})])
	count(rule.unsure) == 0 with input as doc([handler("init_worker", ["desktop_manager", "gadget_manager"], {})])
}

test_silent_without_lua if count(rule.subjects) == 0 with input as doc([handler("access", ["users"], {})])

test_unsure_when_not_read_to_the_end if {
	every fields in [{"complete": false}, {"computed": true}] {
		d := doc([handler("init_worker", ["desktop_manager"], fields)])
		count(rule.findings) == 0 with input as d
		count(rule.unsure) == 1 with input as d
	}
}
