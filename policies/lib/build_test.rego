# Builders of what "nginx -V" tells, for the tests of rules.
package policies.lib.build

import data.policies.lib.fixture

library(version) := {"known": true, "name": "OpenSSL", "version": version, "numbers": [to_number(n) | some n in split(version, ".")], "letter": "", "date": ""}

no_library := {"known": false, "name": "", "version": "", "numbers": [], "letter": "", "date": ""}

module(name) := {"name": name, "version": "", "choice": "with", "dynamic": false}

program(flavour, release, fields) := object.union(
	{
		"known": true, "flavour": flavour, "version": concat(".", array.slice(numbers, 0, 3)), "release": release,
		"release_numbers": [to_number(n) | some n in numbers], "packager": "", "built_with": library("3.0.11"), "running_with": no_library,
		"complete": true, "arguments": [], "modules": [module("http_ssl_module"), module("http_v2_module"), module("http_auth_request_module")],
		"lua": false, "source": fixture.at(sprintf("%s-V.txt", [flavour]), 1, "explicit"),
	},
	fields,
) if {
	numbers := split(release, ".")
}

edge(name, flavour, release, fields) := object.union(
	fixture.nginx([], []),
	{"target": sprintf("edge/%s", [name]), "program": program(flavour, release, fields), "lua": []},
)
