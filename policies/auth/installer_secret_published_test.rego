package policies.auth.installer_secret_published_test

import data.policies.auth.installer_secret_published as rule
import data.policies.lib.fixture_gate as g

doc(sha) := object.union(g.doc([]), {"env": [object.union(g.record([g.core], []), {"secrets": [{"kind": "random-key", "length": 44, "sha256": sha, "source": g.place("core.env", 2)}]})], "profile": {"parameters": {"samples": {"secrets": ["b16d4af07efe97331f481a47f3202871ff4ea6aacbd2b17883333140367af4cd"]}}}})

test_fires_on_a_published_sample if {
	some f in rule.findings with input as doc("b16d4af07efe97331f481a47f3202871ff4ea6aacbd2b17883333140367af4cd")
	f.sources[0].line == 2
}

test_silent_on_an_own_secret if {
	rule.subjects == {"edge/rp-a"} with input as doc("00000000000000000000000000000000000000000000000000000000000000aa")
	count(rule.findings) == 0 with input as doc("00000000000000000000000000000000000000000000000000000000000000aa")
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
