# METADATA
# title: Release is too old for an encrypted CTI link
# description: |-
#   Contact Center Enterprise encrypts the links of most call flows, and has the tool for the certificates, from one
#   release on. An older router or gateway cannot be secured by configuration.
# custom:
#   severity: high
#   fix: Upgrade the component before the gate goes live.
#   controls: [CTI-10]
#   bad: "{component: pg, name: pg-a, version: 11.6}"
#   good: "{component: pg, name: pg-a, version: 12.6.2}"
package policies.cti.release_without_encryption

import data.policies.lib.cti

subjects contains "site" if count(cti.servers) > 0

# parts are the major and minor number of a version.
parts(version) := [to_number(n) | some n in regex.find_all_string_submatch_n(`^(\d{1,3})\.(\d{1,3})`, version, 1)[0]; n != ""; not contains(n, ".")]

is_readable(version) if regex.match(`^\d{1,3}\.\d{1,3}([.(].*)?$`, version)

first := concat(".", [sprintf("%d", [n]) | some n in input.profile.parameters.trust.cti.release])

gateways contains component if {
	count(cti.servers) > 0
	some component in input.site.contact_center
	component.component in {"pg", "router"}
}

findings contains {
	"subject": "site",
	"key": component.name,
	"message": sprintf("%s has release %s; encrypted CTI links begin with %s", [component.name, component.version, first]),
	"sources": [component.source],
} if {
	some component in gateways
	is_readable(component.version)
	parts(component.version) < input.profile.parameters.trust.cti.release
}

unsure contains {"subject": "site", "reason": sprintf("the version %q of %s cannot be compared", [component.version, component.name])} if {
	some component in gateways
	not is_readable(component.version)
}

unsure contains {"subject": "site", "reason": "the site file declares the release of no peripheral gateway"} if {
	count(cti.servers) > 0
	count([g | some g in gateways; g.component == "pg"]) == 0
}
