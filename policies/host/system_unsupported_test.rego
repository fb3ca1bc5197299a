package policies.host.system_unsupported_test

import data.policies.host.system_unsupported as rule
import data.policies.lib.fixture_host

doc(fields, systems) := fixture_host.doc({"system": object.union(fixture_host.record({}).system, fields)}, {"systems": systems, "ended_systems": [{"id": "centos", "version": "7"}]})

rhel := [{"id": "rhel", "version": "9.4"}]

test_fires_on_another_system if {
	some f in rule.findings with input as doc({"id": "centos", "version_id": "8"}, rhel)
	f.message == "the host runs centos 8; the release runs on rhel 9.4"
	count(rule.findings) == 1 with input as doc({"version_id": "8.10"}, rhel)
}

test_silent_on_the_system_of_the_release if {
	count(rule.findings) == 0 with input as doc({}, rhel)
	count(rule.unsure) == 0 with input as doc({}, rhel)
	count(rule.subjects) == 1 with input as doc({}, rhel)
}

test_fires_on_a_system_without_updates if {
	{f.key | some f in rule.findings} == {"ended"} with input as doc({"id": "centos", "version_id": "7.9"}, [])
}

test_silent_where_the_release_names_none if count(rule.findings) == 0 with input as doc({"id": "centos", "version_id": "9"}, [])

test_unsure_about_an_unknown_system if count(rule.unsure) == 1 with input as doc({"known": false, "id": "", "version_id": ""}, rhel)
