package policies.http.cookie_unprotected_test

import data.policies.http.cookie_unprotected as rule
import data.policies.lib.live

doc(fields) := live.edge([live.request("page", {"cookies": [object.union({"name": "JSESSIONID", "secure": true, "http_only": true, "same_site": "", "domain": ""}, fields)]})])

test_fires_without_secure if {
	some f in rule.findings with input as doc({"secure": false})
	f.fix == "proxy_cookie_flags JSESSIONID secure;"
}

test_fires_without_http_only_on_a_session if {
	some f in rule.findings with input as doc({"http_only": false, "secure": false})
	f.fix == "proxy_cookie_flags JSESSIONID httponly secure;"
}

test_silent_without_http_only_on_a_preference if count(rule.findings) == 0 with input as doc({"name": "locale", "http_only": false})

test_silent_when_protected if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
}

test_unsure_without_an_answer if count(rule.unsure) == 1 with input as live.edge([])
