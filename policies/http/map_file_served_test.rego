package policies.http.map_file_served_test

import data.policies.http.map_file_served as rule
import data.policies.lib.fixture

map_location := fixture.location("exact", "/proxymap.txt", [fixture.setting("root", ["html"], 31)], [])

closing := fixture.location("prefix", "/", [fixture.setting("return", ["421"], 32)], [])

doc(port, address, locations) := {
	"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(port, [s], true), {"address": address})])],
	"site": fixture.site, "profile": {"parameters": {"http": {"static_files_port": 10000}}},
} if {
	s := fixture.server("static", port, [], locations)
}

test_fires_on_all_addresses if {
	some f in rule.findings with input as doc(443, "*", [map_location, closing])
	f.fix == "listen 10.9.0.10:443 ssl;"
	count(f.sources) == 2
}

test_fires_on_the_public_address if count(rule.findings) == 1 with input as doc(443, "203.0.113.10", [map_location, closing])

test_fires_on_the_installer_port if count(rule.findings) == 1 with input as doc(10000, "*", [fixture.location("prefix", "/", [], [])])

test_fires_without_a_declared_address if {
	d := object.union(doc(10000, "*", [map_location]), {"site": {"edges": []}})
	some f in rule.findings with input as d
	contains(f.fix, "INTERNAL")
}

test_fires_on_a_map_under_another_name if {
	every source in [["alias", "/opt/gate/html/proxymap.txt"], ["try_files", "/proxymap.txt"]] {
		l := fixture.location("exact", "/m.txt", [fixture.setting(source[0], [source[1]], 31)], [])
		count(rule.findings) == 1 with input as doc(443, "*", [l, closing])
	}
}

test_silent_on_the_internal_address if {
	count(rule.findings) == 0 with input as doc(10000, "10.9.0.10", [map_location, closing])
	count(rule.subjects) == 1 with input as doc(10000, "10.9.0.10", [map_location, closing])
}

test_silent_where_no_files_are_served if count(rule.findings) == 0 with input as doc(8445, "*", [closing])
