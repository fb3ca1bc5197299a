package policies.http.program_lacks_capability_test

import data.policies.http.program_lacks_capability as rule
import data.policies.lib.build
import data.policies.lib.fixture

doc(fields, main) := {
	"nginxrules": [object.union(build.edge("rp-a", "nginx", "1.25.3", fields), {"main": main})],
	"profile": {"parameters": {"http2": "either"}},
}

bare := {"modules": [build.module("http_ssl_module"), build.module("http_v2_module")]}

test_fires_without_authentication if {
	some f in rule.findings with input as doc(bare, [])
	f.key == "an authentication of requests"
}

test_fires_without_tls_and_http2 if {
	keys := {f.key | some f in rule.findings} with input as doc({"modules": [], "lua": true}, [])
	keys == {"TLS", "HTTP/2"}
}

test_silent_with_all_modules if {
	count(rule.findings) == 0 with input as doc({}, [])
	count(rule.unsure) == 0 with input as doc({}, [])
}

test_silent_where_http2_is_forbidden if {
	d := object.union(doc({"modules": [build.module("http_ssl_module")], "lua": true}, []), {"profile": {"parameters": {"http2": "forbidden"}}})
	count(rule.findings) == 0 with input as d
}

test_silent_with_loaded_modules if {
	count(rule.findings) == 0 with input as doc(bare, [fixture.setting("load_module", ["modules/ngx_http_lua_module.so"], 1)])
	count(rule.findings) == 0 with input as doc(bare, [fixture.setting("load_module", ["modules/ngx_http_js_module.so"], 1)])
}

test_unsure_when_the_arguments_are_cut if {
	d := doc(object.union(bare, {"complete": false}), [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_when_unknown if count(rule.unsure) == 1 with input as doc({"known": false}, [])
