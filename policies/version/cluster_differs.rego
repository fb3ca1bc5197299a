# METADATA
# title: Nodes of a cluster have different releases
# description: |-
#   A node that was left out of an update keeps the faults of the old level, and takes over when the others fail. The
#   difference shows only then, and looks like a fault of the gate.
# custom:
#   severity: medium
#   fix: Bring the node to the release and engineering special of its peers.
#   controls: [VER-06]
#   bad: |-
#     fin-a: Active Master Version: 12.6.1.10000-23
#     fin-b: Active Master Version: 12.6.1.10000-21
#   good: |-
#     fin-a: Active Master Version: 12.6.1.10000-23
#     fin-b: Active Master Version: 12.6.1.10000-23
package policies.version.cluster_differs

import data.policies.lib.inventory
import data.policies.lib.node_releases as releases

subjects contains target if some target, _ in releases.shown

# peers[cluster, role]: the nodes whose command line tells their release.
peers[[inventory.cluster_of[target], inventory.nodes[target].role]] contains target if some target, _ in releases.shown

# The newest node is what the others are measured by.
newest := {group: last |
	some group, targets in peers
	ordered := sort([[releases.parts(releases.shown[t].text), t] | some t in targets])
	last := ordered[count(ordered) - 1][1]
}

findings contains {
	"subject": target,
	"key": "release",
	"message": sprintf("the node runs %s, %s of the same cluster %s", [releases.shown[target].text, model, releases.shown[model].text]),
	"fix": sprintf("Install %s on the node.", [releases.shown[model].text]),
	"sources": [releases.shown[target].source, releases.shown[model].source],
} if {
	some group, targets in peers
	model := newest[group]
	some target in targets
	releases.older(releases.shown[target].text, releases.shown[model].text)
}

# best: the highest engineering special of the nodes of one release.
best := {group: last |
	some group, targets in peers
	ordered := sort([[releases.shown_specials[t].number, t] | some t in targets])
	count(ordered) > 0
	last := ordered[count(ordered) - 1][1]
}

findings contains {
	"subject": target,
	"key": "engineering special",
	"message": sprintf("the node has ES%02d, %s of the same cluster and release ES%02d", [own.number, model, top.number]),
	"fix": sprintf("Install ES%02d on the node.", [top.number]),
	"sources": [own.source, top.source],
} if {
	some group, targets in peers
	model := best[group]
	top := releases.shown_specials[model]
	some target in targets
	own := releases.shown_specials[target]
	releases.shown[target].text == releases.shown[model].text
	own.number < top.number
}

unsure contains {"subject": target, "reason": "the engineering special is not known"} if {
	some target in subjects
	not releases.shown_specials[target]
}
