# METADATA
# title: TLS library gets no fixes any more
# description: |-
#   Every byte from the internet passes this library before nginx sees it. Faults of a branch that its makers have given up
#   stay open, and are found all the same.
# related_resources:
# - ref: https://openssl-library.org/policies/releasestrat/
# custom:
#   severity: medium
#   fix: Run a build of nginx or OpenResty with a supported branch of OpenSSL.
#   controls: [VER-04]
#   bad: "built with OpenSSL 1.0.2k-fips"
#   good: "built with OpenSSL 3.0.15 3 Sep 2024"
package policies.http.unsupported_library

import data.policies.lib.releases

subjects contains target if some target in releases.edges

oldest := concat(".", [sprintf("%d", [n]) | some n in input.profile.parameters.http.openssl_minimum])

findings contains {
	"subject": target,
	"key": library.name,
	"message": sprintf("the edge runs %s %s; branches before %s get no fixes", [library.name, library.version, oldest]),
	"sources": [releases.programs[target].source],
	"fix": "Install the current OpenResty or nginx package, which brings a supported OpenSSL.",
} if {
	some target in subjects
	library := releases.libraries[target]
	library.name == "OpenSSL"
	releases.programs[target].packager == ""
	library.numbers < input.profile.parameters.http.openssl_minimum
}

unsure contains {"subject": target, "reason": "the TLS library of the program is not known"} if {
	some target in subjects
	not releases.libraries[target]
}

unsure contains {"subject": target, "reason": sprintf("%s %s is judged by nobody here", [library.name, library.version])} if {
	some target in subjects
	library := releases.libraries[target]
	library.name != "OpenSSL"
}

unsure contains {"subject": target, "reason": sprintf("the maker of the %s package may still mend %s", [releases.programs[target].packager, library.version])} if {
	some target in subjects
	library := releases.libraries[target]
	library.name == "OpenSSL"
	releases.programs[target].packager != ""
	library.numbers < input.profile.parameters.http.openssl_minimum
}
