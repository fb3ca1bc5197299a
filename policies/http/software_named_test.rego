package policies.http.software_named_test

import data.policies.http.software_named as rule
import data.policies.lib.live

test_fires_on_a_version if {
	some f in rule.findings with input as live.edge([live.with_headers("page", {"server": "nginx/1.22.1", "server_version": true})])
	contains(f.message, "nginx/1.22.1")
}

test_fires_on_powered_by if {
	some f in rule.findings with input as live.edge([live.with_headers("missing_path", {"powered_by": "Servlet/4.0"})])
	f.key == "X-Powered-By: Servlet/4.0"
}

test_silent_on_a_bare_name if {
	count(rule.findings) == 0 with input as live.edge([live.request("page", {})])
	count(rule.unsure) == 0 with input as live.edge([live.request("page", {})])
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])
