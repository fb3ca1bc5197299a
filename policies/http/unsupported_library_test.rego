package policies.http.unsupported_library_test

import data.policies.http.unsupported_library as rule
import data.policies.lib.build

doc(fields) := {
	"nginxrules": [build.edge("rp-a", "nginx", "1.25.3", fields)],
	"profile": {"parameters": {"http": {"openssl_minimum": [3, 0, 0]}}},
}

old := build.library("1.1.1")

test_fires_on_an_old_branch if {
	some f in rule.findings with input as doc({"built_with": old})
	contains(f.message, "1.1.1")
}

test_fires_on_what_runs if count(rule.findings) == 1 with input as doc({"running_with": old})

test_silent_on_a_supported_branch if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
	count(rule.findings) == 0 with input as doc({"built_with": old, "running_with": build.library("3.5.0")})
}

test_unsure_about_other_libraries if count(rule.unsure) == 1 with input as doc({"built_with": object.union(old, {"name": "LibreSSL"})})

test_unsure_about_packages if {
	count(rule.findings) == 0 with input as doc({"built_with": old, "packager": "Ubuntu"})
	count(rule.unsure) == 1 with input as doc({"built_with": old, "packager": "Ubuntu"})
}

test_unsure_when_unknown if count(rule.unsure) == 1 with input as doc({"built_with": build.no_library})
