# METADATA
# title: Node runs another release than the site file says
# description: |-
#   Plans and updates follow the inventory. Where it names another release than the node runs, either an update failed
#   or the inventory was forgotten, and the next decision rests on a mistake.
# custom:
#   severity: low
#   fix: Correct the version of the node in the site file, or finish the update of the node.
#   controls: [VER-01, VER-02, VER-06]
#   bad: |-
#     version: 12.6.1.ES07   # the node shows 12.6.1 with ES05
#   good: |-
#     version: 12.6.1.ES07   # the node shows 12.6.1 with ES07
package policies.version.declared_differs

import data.policies.lib.node_releases as releases

subjects contains target if {
	some target, _ in releases.declared
	releases.shown[target]
}

findings contains {
	"subject": target,
	"key": "release",
	"message": sprintf("the site file declares %s, the node runs %s", [declared.text, releases.shown[target].text]),
	"fix": sprintf("Write version: %s for the node in the site file, or finish the update of the node.", [releases.shown[target].text]),
	"sources": [releases.shown[target].source, declared.source],
} if {
	some target in subjects
	declared := releases.declared[target]
	not releases.same(releases.shown[target].text, declared.text)
}

findings contains {
	"subject": target,
	"key": "engineering special",
	"message": sprintf("the site file declares ES%02d, the node has ES%02d", [declared.number, shown.number]),
	"fix": sprintf("Write ES%02d in the version of the node in the site file, or finish its update.", [shown.number]),
	"sources": [shown.source, declared.source],
} if {
	some target in subjects
	declared := releases.declared_specials[target]
	shown := releases.shown_specials[target]
	shown.number != declared.number
}

unsure contains {"subject": target, "reason": "the engineering special of the node is not known"} if {
	some target in subjects
	releases.declared_specials[target]
	not releases.shown_specials[target]
}
