# METADATA
# title: Node is older than the gate needs
# description: |-
#   Older releases do not know the gate: they answer with internal names, or do not take part in the login at its edge.
#   Which level is the least differs by product, and a level below it is not supported with this deployment.
# related_resources:
# - ref: https://www.cisco.com/c/en/us/support/customer-collaboration/finesse/series.html
# custom:
#   severity: high
#   fix: Install the release, or the engineering special, that the finding names.
#   controls: [VER-01, VER-02, VER-03]
#   bad: |-
#     Active Master Version: 12.6.1.10000-23
#     ucos.finesse.12.6.1.ES01.10000-2.cop.sgn
#   good: |-
#     Active Master Version: 12.6.1.10000-23
#     ucos.finesse.12.6.1.ES07.10000-12.cop.sgn
package policies.version.below_floor

import data.policies.lib.node_releases as releases

subjects contains node.subject if {
	some node in input.site.nodes
	floors_of[node.role]
}

floors_of[floor.role] contains floor if some floor in input.profile.parameters.vos.floors

# concerns: the floors of the node's own train, or all where its train has none.
concerns[node.subject] contains floor if {
	some node in input.site.nodes
	some floor in floors_of[node.role]
	releases.train(releases.known[node.subject].text) == releases.train(floor.version)
}

concerns[node.subject] contains floor if {
	some node in input.site.nodes
	train := releases.train(releases.known[node.subject].text)
	not train in {releases.train(f.version) | some f in floors_of[node.role]}
	some floor in floors_of[node.role]
}

least(version, 0) := version

least(version, special) := sprintf("%s ES%02d", [version, special]) if special > 0

findings contains {
	"subject": subject,
	"key": sprintf("%s: %s", [least(floor.version, floor.special), floor.reason]),
	"message": sprintf("the node %s, and needs at least %s: %s", [releases.told(subject), least(floor.version, floor.special), floor.reason]),
	"fix": sprintf("Install %s on the node.", [least(floor.version, floor.special)]),
	"sources": releases.sources(subject),
} if {
	some subject, floors in concerns
	some floor in floors
	releases.standing(subject, floor.version, floor.special) in {"old", "short"}
}

unsure contains {"subject": subject, "reason": "neither the command line nor the site file tells the release"} if {
	some subject in subjects
	not releases.known[subject]
}

unsure contains {"subject": subject, "reason": sprintf("the %s of the node is not known; %s is needed", [releases.missing(subject, floor.version), least(floor.version, floor.special)])} if {
	some subject, floors in concerns
	some floor in floors
	releases.standing(subject, floor.version, floor.special) == "open"
}
