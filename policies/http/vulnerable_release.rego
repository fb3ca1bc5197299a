# METADATA
# title: Program has a published fault
# description: |-
#   Faults of nginx and OpenResty are published with the releases that have them, and scanners look for exactly those. An
#   edge in a DMZ is the first machine they reach.
# related_resources:
# - ref: https://nginx.org/en/security_advisories.html
# custom:
#   severity: high
#   fix: Update to a release that the advisory calls fixed.
#   controls: [VER-04, CIS-NGX-1.2.2]
#   bad: "nginx version: nginx/1.19.9   # with resolver"
#   good: "nginx version: openresty/1.27.1.2"
package policies.http.vulnerable_release

import data.policies.lib.releases
import data.policies.lib.usage

subjects contains target if some target in releases.edges

packaged contains target if {
	some target, program in releases.programs
	program.packager != ""
}

# concerned: the faults of the release, where the configuration uses what has it.
concerned[[target, advisory.id]] contains {"title": advisory.title, "product": advisory.product, "release": release, "before": advisory.before} if {
	some target, by_product in releases.by_product
	some advisory in input.profile.parameters.http.advisories
	some release in by_product[advisory.product]
	release >= advisory.from
	release < advisory.before
	in_use(target, advisory.directive)
}

in_use(_, "")

in_use(target, directive) if usage.by_edge[target][directive]

text(numbers) := concat(".", [sprintf("%d", [n]) | some n in numbers])

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s %s has %s: %s", [fault.product, text(fault.release), id[1], fault.title]),
	"sources": [releases.programs[id[0]].source],
	"fix": sprintf("Update %s to %s or later.", [fault.product, text(fault.before)]),
} if {
	some id, faults in concerned
	not id[0] in packaged
	some fault in faults
}

findings contains {
	"subject": target,
	"key": "oldest",
	"message": sprintf("nginx core %s is older than %s, the oldest that the vendor tested", [text(release), text(input.profile.parameters.http.nginx_minimum)]),
	"sources": [releases.programs[target].source],
	"fix": sprintf("Update to nginx core %s or later.", [text(input.profile.parameters.http.nginx_minimum)]),
} if {
	some target, by_product in releases.by_product
	some release in by_product.nginx
	release < input.profile.parameters.http.nginx_minimum
}

# A distribution mends faults without a new number.
unsure contains {"subject": id[0], "reason": sprintf("whether the package of %s has the fix of %s does not show in its number", [releases.programs[id[0]].packager, id[1]])} if {
	some id, _ in concerned
	id[0] in packaged
}

unsure contains {"subject": target, "reason": "the release of the program is not known"} if {
	some target in subjects
	not releases.by_product[target]
}
