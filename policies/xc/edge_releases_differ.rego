# METADATA
# title: The two sides of the gate run different releases
# description: |-
#   Defaults and faults change between releases, so that the same configuration means something else on the other side. It
#   also tells that an update reached only one of them.
# custom:
#   severity: low
#   fix: Install the same release of the program and its TLS library on both edges.
#   controls: [XC-23, VER-04]
#   bad: "openresty/1.27.1.2 on side A, openresty/1.19.9.1 on side B"
#   good: "openresty/1.27.1.2 on both sides"
package policies.xc.edge_releases_differ

import data.policies.lib.releases
import data.policies.lib.sides

subjects contains pair.b if some pair in sides.pairs

known_pairs contains pair if {
	some pair in sides.pairs
	releases.programs[pair.a]
	releases.programs[pair.b]
}

findings contains {
	"subject": pair.b,
	"key": sprintf("%s: program", [pair.a_name]),
	"message": sprintf("%s runs %s %s, %s runs %s %s", [pair.a_name, a.flavour, a.release, pair.b_name, b.flavour, b.release]),
	"sources": [b.source, a.source],
	"fix": "Install the newer of the two releases on both edges.",
} if {
	some pair in known_pairs
	a := releases.programs[pair.a]
	b := releases.programs[pair.b]
	[a.flavour, a.release] != [b.flavour, b.release]
}

findings contains {
	"subject": pair.b,
	"key": sprintf("%s: library", [pair.a_name]),
	"message": sprintf("%s runs with %s %s, %s with %s %s", [pair.a_name, a.name, a.version, pair.b_name, b.name, b.version]),
	"sources": [releases.programs[pair.b].source, releases.programs[pair.a].source],
	"fix": "Install the newer TLS library on both edges.",
} if {
	some pair in known_pairs
	a := releases.libraries[pair.a]
	b := releases.libraries[pair.b]
	[a.name, a.version] != [b.name, b.version]
}

unsure contains {"subject": pair.b, "reason": sprintf("the program of %s or %s is not known", [pair.a_name, pair.b_name])} if {
	some pair in sides.pairs
	not pair in known_pairs
}
