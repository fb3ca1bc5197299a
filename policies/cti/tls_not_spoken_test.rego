package policies.cti.tls_not_spoken_test

import data.policies.cti.tls_not_spoken as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(versions) := object.union(trust.cti({}, {}), {"tlsposture": [fixture.posture("cti/CG1-a", "pg-a.corp.example", 42030, {"versions": versions})]})

sound := [fixture.version("TLSv1.2", "accepted"), fixture.version("TLSv1.1", "refused")]

keys(versions) := got if got := {f.key | some f in rule.findings} with input as doc(versions)

test_fires_on_an_old_version if keys([fixture.version("TLSv1.2", "accepted"), fixture.version("TLSv1.0", "accepted")]) == {"42030 TLSv1.0"}

test_fires_without_the_required_version if keys([fixture.version("TLSv1.2", "refused")]) == {"42030 without TLSv1.2"}

test_silent_on_a_sound_listener if {
	keys(sound) == set()
	count(rule.unsure) == 0 with input as doc(sound)
	rule.subjects == {"cti/CG1-a"} with input as doc(sound)
}

test_silent_where_the_site_file_leaves_listeners_out if {
	site := object.union(trust.site([]), {"out_of_scope": [{"section": "tlsposture", "target": "*", "reason": "none"}]})
	count(rule.subjects) == 0 with input as object.union(trust.cti({}, {}), {"site": site, "tlsposture": []})
}

test_unsure_without_an_answer if {
	count(rule.unsure) == 1 with input as doc([fixture.version("TLSv1.2", "unknown")])
	count(rule.unsure) == 1 with input as object.union(trust.cti({}, {}), {"tlsposture": []})
}
