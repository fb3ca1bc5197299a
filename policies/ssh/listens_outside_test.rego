package policies.ssh.listens_outside_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.listens_outside as rule

listen(address) := {"address": address, "port": 22, "wildcard": address in {"0.0.0.0", "::", "*"}, "source": fixture.place("sshd-T.txt", 3)}

doc(listens) := fixture.doc({"sshd": object.union(fixture.sshd([]), {"listens": listens})}, {})

test_fires_on_every_address if {
	every address in ["0.0.0.0", "::"] {
		count(rule.findings) == 1 with input as doc([listen(address)])
	}
}

test_fires_on_the_outer_address if {
	some f in rule.findings with input as doc([listen("203.0.113.10")])
	f.key == "203.0.113.10:22"
	f.fix == "ListenAddress 10.9.0.10"
}

test_fires_once_for_an_address_that_is_set_twice if {
	again := object.union(listen("0.0.0.0"), {"source": fixture.place("sshd-T.txt", 4)})
	count(rule.findings) == 1 with input as doc([listen("0.0.0.0"), again])
}

test_fires_where_no_inner_address_is_declared if {
	edge := object.union(fixture.site.edges[0], {"addresses": {"public": ["203.0.113.10"], "private": []}})
	d := object.union(doc([listen("203.0.113.10")]), {"site": {"edges": [edge]}})
	{f.fix | some f in rule.findings} == {"ListenAddress with the inner address of the edge"} with input as d
}

test_silent_on_the_inner_address if {
	count(rule.findings) == 0 with input as doc([listen("10.9.0.10"), listen("127.0.0.1"), listen("::1")])
	count(rule.unsure) == 0 with input as doc([listen("10.9.0.10"), listen("127.0.0.1"), listen("::1")])
	count(rule.subjects) == 1 with input as doc([listen("10.9.0.10")])
}

test_unsure_about_an_address_that_nobody_declared if count(rule.unsure) == 1 with input as doc([listen("10.99.0.1")])

test_unsure_without_addresses if count(rule.unsure) == 1 with input as doc([])
