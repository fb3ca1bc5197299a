package policies.auth.published_secret_test

import data.policies.auth.published_secret as rule
import data.policies.lib.fixture

secret(sha, line) := {"kind": "random-key", "length": 44, "sha256": sha, "source": fixture.at("rp-a/maps.conf", line, "explicit")}

sample := "16a6a5b864671fd53f050bc75a481e84b1c273a0fe964f75700f5d262e93efbd"

doc(edge_secrets, node_secrets) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"secrets": edge_secrets})],
	"profile": {"parameters": {"samples": {"secrets": [sample, "b16d4af07efe97331f481a47f3202871ff4ea6aacbd2b17883333140367af4cd"]}}},
	"vos": [fixture.vos("node/ids-a", {"secrets": node_secrets})],
}

test_fires_on_the_edge if {
	some f in rule.findings with input as doc([secret(sample, 7)], [])
	f.subject == "edge/rp-a"
	f.sources[0].line == 7
}

test_fires_on_a_node_with_the_other_sample if {
	some f in rule.findings with input as doc([], [secret("b16d4af07efe97331f481a47f3202871ff4ea6aacbd2b17883333140367af4cd", 90)])
	f.subject == "node/ids-a"
}

test_silent_on_an_own_secret if {
	d := doc([secret("00000000000000000000000000000000000000000000000000000000000000aa", 7)], [])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 2 with input as d
}

test_silent_on_a_secret_without_digest if count(rule.findings) == 0 with input as doc([secret("", 7)], [])
