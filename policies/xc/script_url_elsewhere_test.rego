package policies.xc.script_url_elsewhere_test

import data.policies.lib.fixture
import data.policies.xc.script_url_elsewhere as rule

url(host, path) := {"scheme": "https", "host": host, "port": 8445, "path": path, "computed": false, "source": fixture.at(fixture.conf, 50, "explicit")}

doc(urls) := {
	"site": fixture.site, "proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"lua": [{
		"directive": "init_worker_by_lua_block", "phase": "init_worker", "server": "", "location": "", "modifier": "prefix", "upstream": "", "file": "",
		"complete": true, "computed": false, "requires": [], "shared_dictionaries": [], "urls": urls, "source": fixture.at(fixture.conf, 48, "explicit"),
	}]})],
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [])
}

test_fires_on_another_host if {
	some f in rule.findings with input as doc([url("saproxy.example", "/finesse/api/Users")])
	f.key == "saproxy.example:8445/finesse/api/Users"
	{s.artifact | some s in f.sources} == {"rp-a/nginx.conf", "proxymap.txt"}
}

test_fires_on_a_node_for_the_resources if count(rule.findings) == 1 with input as doc([url("fin-a.corp.example", "/desktop/api/urls")])

test_silent_on_the_gate_itself if {
	d := doc([url("desk-a.agents.example", "/finesse/api/Users"), url("desk-a.agents.example", "/desktop/api/urls")])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_about_other_addresses if count(rule.findings) == 0 with input as doc([url("log.example", "/ship")])
