package policies.rate.dry_run_test

import data.policies.lib.fixture
import data.policies.rate.dry_run as rule

doc(server_settings, settings) := fixture.single(server_settings, [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

test_fires_on_a_dry_run_of_the_server if {
	some f in rule.findings with input as doc([fixture.setting("limit_req_dry_run", ["on"], 20)], [])
	f.key == "limit_req_dry_run"
	f.sources[0].line == 20
}

test_fires_on_a_dry_run_of_a_location if count(rule.findings) == 1 with input as doc([fixture.setting("limit_conn_dry_run", ["off"], 20)], [fixture.setting("limit_conn_dry_run", ["on"], 31)])

test_silent_when_off if {
	count(rule.subjects) == 1 with input as doc([fixture.preset("limit_req_dry_run", ["off"])], [])
	count(rule.findings) == 0 with input as doc([fixture.preset("limit_req_dry_run", ["off"])], [])
}
