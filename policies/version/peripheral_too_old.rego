# METADATA
# title: Router, logger or gateway is older than the nodes need
# description: |-
#   Nodes of the newer release talk to routers, loggers and gateways of the contact center, which must not be further
#   behind than the vendor supports. A mixture below that loses calls and states in ways that nobody has tested.
# custom:
#   severity: medium
#   fix: Update the server to the release that the finding names before the nodes go into service.
#   controls: [VER-08]
#   bad: |-
#     contact_center: [{component: pg, name: pg-a, version: "12.0.1"}]
#   good: |-
#     contact_center: [{component: pg, name: pg-a, version: "12.5.1"}]
package policies.version.peripheral_too_old

import data.policies.lib.node_releases as releases

subjects contains "site" if count(input.site.contact_center) > 0

# ahead: the nodes that are newer than the floor, for which it holds.
ahead contains target if {
	some target, release in releases.known
	releases.older(input.profile.parameters.vos.peripheral_floor, release.text)
	not releases.same(release.text, input.profile.parameters.vos.peripheral_floor)
}

findings contains {
	"subject": "site",
	"key": sprintf("%s %s %s", [server.component, server.name, server.version]),
	"message": sprintf("%s %s runs %s; nodes of this release need at least %s", [server.component, server.name, server.version, input.profile.parameters.vos.peripheral_floor]),
	"fix": sprintf("Update %s to %s or later.", [server.name, input.profile.parameters.vos.peripheral_floor]),
	"sources": array.concat([server.source], array.slice(sort([releases.known[t].source | some t in ahead]), 0, 1)),
} if {
	count(ahead) > 0
	some server in input.site.contact_center
	count(releases.parts(server.version)) > 0
	releases.older(server.version, input.profile.parameters.vos.peripheral_floor)
}

unsure contains {"subject": "site", "reason": sprintf("the release of %s %s is not declared", [server.component, server.name])} if {
	some server in input.site.contact_center
	count(releases.parts(server.version)) == 0
}

unsure contains {"subject": "site", "reason": "the release of no node is known"} if {
	count(input.site.contact_center) > 0
	count(releases.known) == 0
}
