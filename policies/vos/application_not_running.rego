# METADATA
# title: Service that keeps origins and embedders does not run, or waits for a restart
# description: |-
#   The lists of origins and embedders are read when their service starts. After a change without a restart the old list
#   is in force, which the command line does not show.
# custom:
#   severity: medium
#   fix: Restart the service that the finding names on the node, outside of working hours.
#   controls: [CORS-08, CSP-07]
#   bad: |-
#     Cisco Finesse Tomcat[STOPPED]
#   good: |-
#     Cisco Finesse Tomcat[STARTED]
package policies.vos.application_not_running

import data.policies.lib.inventory
import data.policies.lib.node_releases as releases
import data.policies.lib.services

# What changes the lists of each component.
changes := {
	"finesse": `^utils finesse (cors|frame_access_\w+|xframe) `,
	"cuic": `^utils cuic cors `,
	"livedata": `^utils live-data cors `,
}

runs(role, component) if role == component

runs("uccx", _)

# needed: the services of each node by the release that it runs.
needed contains {"node": node.target, "component": s.component, "service": s.service} if {
	some node in input.vos
	some s in input.profile.parameters.vos.services
	runs(inventory.nodes[node.target].role, s.component)
	from(node.target, s.from)
	before(node.target, s.before)
}

from(_, "")

from(target, release) if {
	release != ""
	not releases.older(releases.known[target].text, release)
}

before(_, "")

before(target, release) if {
	release != ""
	releases.older(releases.known[target].text, release)
}

subjects contains n.node if some n in needed

subjects contains node.target if {
	some node in input.vos
	inventory.nodes[node.target].role in {"finesse", "cuic", "livedata", "uccx"}
}

findings contains {
	"subject": n.node,
	"key": sprintf("%s %s", [n.service, s.state]),
	"message": sprintf("%s is %s on the node", [n.service, s.state]),
	"fix": sprintf("Run utils service start %s on the node.", [n.service]),
	"sources": [s.source],
} if {
	some n in needed
	some s in services.states[[n.node, lower(n.service)]]
	s.state != "started"
}

unsure contains {"subject": n.node, "reason": sprintf("the state of %s is not known", [n.service])} if {
	some n in needed
	not services.states[[n.node, lower(n.service)]]
}

unsure contains {"subject": n.node, "reason": sprintf("the transcript shows %q in line %d and no restart of %s after it", [c.command, c.line, n.service])} if {
	some n in needed
	some c in services.changes[n.node]
	regex.match(changes[n.component], c.command)
	not services.restarted_after(n.node, n.service, c.line)
}

# Which service it is depends on the release.
unsure contains {"subject": node.target, "reason": "which services keep the lists depends on the release, which is not known"} if {
	some node in input.vos
	some s in input.profile.parameters.vos.services
	s.from != s.before
	runs(inventory.nodes[node.target].role, s.component)
	not releases.known[node.target]
}
