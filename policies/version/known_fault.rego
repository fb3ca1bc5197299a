# METADATA
# title: Release of a node has a published fault
# description: |-
#   The fault is public, and so is the level that mends it; from then on tools try it everywhere. A gate in front of the
#   node passes ordinary requests on, and an ordinary request is what most of these faults need.
# related_resources:
# - ref: https://nvd.nist.gov/vuln/detail/CVE-2023-20088
# - ref: https://nvd.nist.gov/vuln/detail/CVE-2025-20354
# - ref: https://nvd.nist.gov/vuln/detail/CVE-2025-20358
# custom:
#   severity: high
#   fix: Install the engineering special, or a later release.
#   controls: [VER-01, VER-07]
#   bad: |-
#     Active Master Version: 12.6.1.10000-23
#     ucos.finesse.12.6.1.ES05.10000-8.cop.sgn
#   good: |-
#     Active Master Version: 12.6.1.10000-23
#     ucos.finesse.12.6.1.ES07.10000-12.cop.sgn
package policies.version.known_fault

import data.policies.lib.node_releases as releases

subjects contains node.subject if {
	some node in input.site.nodes
	fixes_of[node.role]
}

fixes_of[fix.role] contains fix if some fix in input.profile.parameters.vos.fixes

# concerns: the levels of the node's own train, or all where its train has none.
concerns[node.subject] contains fix if {
	some node in input.site.nodes
	some fix in fixes_of[node.role]
	releases.train(releases.known[node.subject].text) == releases.train(fix.version)
}

concerns[node.subject] contains fix if {
	some node in input.site.nodes
	train := releases.train(releases.known[node.subject].text)
	not train in {releases.train(f.version) | some f in fixes_of[node.role]}
	some fix in fixes_of[node.role]
}

least(version, 0) := version

least(version, special) := sprintf("%s ES%02d", [version, special]) if special > 0

findings contains {
	"subject": subject,
	"key": sprintf("%s: %s", [least(fix.version, fix.special), fix.reason]),
	"message": sprintf("the node %s, and has %s, which %s mends", [releases.told(subject), fix.reason, least(fix.version, fix.special)]),
	"fix": sprintf("Install %s on the node.", [least(fix.version, fix.special)]),
	"sources": releases.sources(subject),
} if {
	some subject, fixes in concerns
	some fix in fixes
	releases.standing(subject, fix.version, fix.special) in {"old", "short"}
}

unsure contains {"subject": subject, "reason": "neither the command line nor the site file tells the release"} if {
	some subject in subjects
	not releases.known[subject]
}

unsure contains {"subject": subject, "reason": sprintf("the %s of the node is not known; %s mends %s", [releases.missing(subject, fix.version), least(fix.version, fix.special), fix.reason])} if {
	some subject, fixes in concerns
	some fix in fixes
	releases.standing(subject, fix.version, fix.special) == "open"
}
