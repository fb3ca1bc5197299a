package policies.cert.key_file_readable_test

import data.policies.cert.key_file_readable as rule
import data.policies.lib.fixture

doc(mode) := {"certchain": [object.union(fixture.certchain([], [])[0], {"keys": [{"path": "rp-a/ssl/nginx.key", "mode": mode, "size": 3243, "source": fixture.at("rp-a/ssl/nginx.key", 0, "explicit")}]})]}

test_fires_on_group_and_world if {
	count(rule.findings) == 1 with input as doc("0644")
	count(rule.findings) == 1 with input as doc("0440")
	count(rule.findings) == 1 with input as doc("0404")
	count(rule.findings) == 1 with input as doc("0700")
}

test_fires_on_the_path if {
	some f in rule.findings with input as doc("0640")
	f.key == "rp-a/ssl/nginx.key"
}

test_silent_on_tight_modes if {
	count(rule.findings) == 0 with input as doc("0400")
	count(rule.findings) == 0 with input as doc("0600")
	count(rule.findings) == 0 with input as doc("400")
	count(rule.unsure) == 0 with input as doc("0400")
}

test_silent_without_keys if count(rule.subjects) == 0 with input as {"certchain": fixture.certchain([], [])}

test_unsure_without_mode if count(rule.unsure) == 1 with input as doc("")
