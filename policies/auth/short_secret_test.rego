package policies.auth.short_secret_test

import data.policies.auth.short_secret as rule
import data.policies.lib.fixture

doc(value, used) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"maps": [{
		"kind": "map", "input": "$host", "variable": "$jwt_secret", "source": fixture.at("rp-a/maps.conf", 5, "explicit"),
		"entries": [{"key": "default", "value": value, "source": fixture.at("rp-a/maps.conf", 6, "explicit")}],
	}]})],
	"profile": {"parameters": {"jwt_secret_used": used}},
}

digest := "00000000000000000000000000000000000000000000000000000000000000aa"

test_fires_on_24_characters if {
	some f in rule.findings with input as doc(sprintf("[redacted:random-key:24:%s]", [digest]), true)
	f.key == "$jwt_secret default"
	f.sources[0].line == 6
}

test_fires_on_a_word if count(rule.findings) == 1 with input as doc("[redacted:credential:0]", true)

test_silent_on_a_full_secret if {
	d := doc(sprintf("[redacted:random-key:44:%s]", [digest]), true)
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_where_the_release_has_no_shared_secret if count(rule.subjects) == 0 with input as doc("[redacted:credential:0]", false)

test_unsure_on_an_unmarked_value if count(rule.unsure) == 1 with input as doc("$other", true)

written(settings, locations) := object.union(fixture.single(settings, locations), {"profile": {"parameters": {"jwt_secret_used": true}}})

test_fires_on_a_word_that_set_gives if {
	word := fixture.setting("set", ["$jwt_secret", "[redacted:credential:0]"], 20)
	count(rule.findings) == 1 with input as written([word], [])
	count(rule.findings) == 1 with input as written([], [fixture.location("prefix", "/", [word], [])])
}

test_unsure_on_a_word_that_was_not_recognised if count(rule.unsure) == 1 with input as written([fixture.setting("set", ["$jwt_secret", "agent-desk"], 20)], [])

lua(requires, secrets) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"lua": [{
		"directive": "access_by_lua_file", "phase": "access", "requires": requires, "source": fixture.at(fixture.conf, 20, "explicit"),
		"secrets": [{"name": s[0], "mark": {"kind": s[1], "length": s[2], "sha256": "", "source": fixture.at("rp-a/lua/access.lua", 4, "explicit")}} | some s in secrets],
	}]})],
	"profile": {"parameters": {"jwt_secret_used": true, "gate": {"authentication_modules": ["gate.tokens"]}}},
}

test_fires_on_a_short_secret_in_a_script if {
	some f in rule.findings with input as lua(["resty.jwt"], [["jwt_secret", "random-key", 24]])
	f.key == "Lua code jwt_secret"
	f.sources[0].artifact == "rp-a/lua/access.lua"
	count(rule.findings) == 1 with input as lua([], [["tokenKey", "credential", 0]])
}

test_silent_on_a_full_secret_in_a_script if {
	d := lua(["resty.jwt"], [["jwt_secret", "random-key", 44]])
	count(rule.subjects) == 1 with input as d
	count(rule.findings | rule.unsure) == 0 with input as d
}

test_silent_on_another_secret_of_a_script if {
	count(rule.subjects) == 0 with input as lua(["resty.redis"], [["redis_password", "credential", 0]])
}

with_identity(d) := object.union(d, {"site": object.union(fixture.site, {"nodes": [fixture.node("ids-a", "ids", "ids-a.corp.example")]})})

test_unsure_when_scripts_open_tokens_and_no_secret_was_found if {
	every requires in [["gate.tokens"], ["resty.jwt"]] {
		count(rule.unsure) == 1 with input as with_identity(lua(requires, [["redis_password", "credential", 0]]))
		count(rule.findings) == 0 with input as with_identity(lua(requires, []))
	}
}

test_silent_when_scripts_ask_for_passwords_only if {
	count(rule.subjects) == 0 with input as object.union(lua(["gate.tokens"], []), {"site": fixture.site})
}

test_silent_when_the_installer_has_the_secret if {
	property := {"name": "NGX_JWT_SECRET", "file": "core.env", "secret": true, "effective": true, "mark": {"sha256": digest}, "source": fixture.at("rp-a/envs/core.env", 5, "explicit")}
	d := object.union(lua(["resty.jwt"], []), {"env": [{"target": "edge/rp-a", "properties": [property]}]})
	count(rule.unsure) == 0 with input as d
}
