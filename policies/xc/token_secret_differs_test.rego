package policies.xc.token_secret_differs_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.token_secret_differs as rule

one := "11111111111111111111111111111111111111111111111111111111111111aa"

two := "22222222222222222222222222222222222222222222222222222222222222bb"

jwt_map(sha) := [{
	"kind": "map", "input": "$host", "variable": "$jwt_secret", "source": fixture.at("rp-a/maps.conf", 3, "explicit"),
	"entries": [{"key": "default", "value": sprintf("[redacted:random-key:44:%s]", [sha]), "source": fixture.at("rp-a/maps.conf", 4, "explicit")}],
}]

env_secret(sha) := g.assigned("core.env", "", "NGX_JWT_SECRET", "", {
	"kind": "secret", "secret": true, "value": g.none(""),
	"mark": {"kind": "random-key", "length": 44, "sha256": sha, "source": g.place("core.env", 2)},
})

node_secret(known, sha) := fixture.vos("node/ids-a", {"ids_secret": {"known": known, "format": "documented", "length": 44, "sha256": sha, "source": fixture.at("ids-a/cli.txt", 30, "explicit")}})

doc(nginx_sha, env_sha, nodes) := object.union(g.doc([env_secret(env_sha)]), {
	"site": object.union(g.site, {"nodes": [fixture.node("ids-a", "ids", "ids-a.corp.example")]}),
	"nginxrules": [object.union(fixture.nginx([], []), {"maps": jwt_map(nginx_sha)})], "vos": nodes,
})

test_fires_on_an_identity_server_with_another_secret if {
	found := rule.findings with input as doc(one, one, [node_secret(true, two)])
	{f.key | some f in found} == {"the map to $jwt_secret for default node/ids-a", "NGX_JWT_SECRET of core.env node/ids-a"}
	some f in found
	count({s.artifact | some s in f.sources}) == 2
}

test_fires_on_two_places_that_differ if count(rule.findings) == 2 with input as doc(one, two, [node_secret(true, one)])

test_silent_when_all_agree if {
	d := doc(one, one, [node_secret(true, one)])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_where_keys_are_fetched if {
	d := object.union(doc(one, two, []), {"profile": {"release": "15.0(1)", "parameters": {"jwt_secret_used": false}}})
	count(rule.subjects) == 0 with input as d
}

test_unsure_when_the_server_does_not_tell if count(rule.unsure) == 1 with input as doc(one, one, [node_secret(false, "")])

test_unsure_about_what_is_no_random_key if count(rule.unsure) == 1 with input as doc(one, "", [node_secret(true, one)])

test_fires_on_another_secret_in_a_script if {
	secret := {"name": "jwt_secret", "mark": {"kind": "random-key", "length": 44, "sha256": two, "source": fixture.at("rp-a/lua/access.lua", 4, "explicit")}}
	d := doc(one, one, [node_secret(true, one)])
	scripted := object.union(d, {"nginxrules": [object.union(d.nginxrules[0], {"lua": [{"phase": "access", "requires": [], "secrets": [secret], "source": fixture.at(fixture.conf, 20, "explicit")}]})]})
	"jwt_secret of the Lua code node/ids-a" in {f.key | some f in rule.findings} with input as scripted
}
