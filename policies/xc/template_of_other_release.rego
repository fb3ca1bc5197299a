# METADATA
# title: Installer template is for another release of the server
# description: |-
#   The installer has one template for servers that answer on ports of their own and one for those on the shared port.
#   The wrong one builds a server block that forwards to a port on which nobody listens.
# custom:
#   severity: high
#   fix: Set TEMPLATE_TYPE to the template of the server's release, and start the container again.
#   controls: [XC-33]
#   optional: [env]
#   bad: |-
#     TEMPLATE_TYPE=cuic             # while the server runs 12.6(1)
#   good: |-
#     TEMPLATE_TYPE="cuic_12.6(1)"
package policies.xc.template_of_other_release

import data.policies.lib.inventory
import data.policies.lib.node_releases as releases

# own_port holds for the template of servers with ports of their own.
own_port(template) if contains(template, "_")

component_of(template) := split(template, "_")[0]

chosen contains {"subject": file.subject, "edge": record.target, "template": file.template_type.value, "node": node.subject, "source": file.source} if {
	some record in input.env
	some file in record.files
	file.template_type.known
	component_of(file.template_type.value) in input.profile.parameters.vos.own_port_roles
	some node in inventory.nodes
	node.role == component_of(file.template_type.value)
}

subjects contains c.edge if some c in chosen

first := input.profile.parameters.vos.shared_port_release

wants(template, text) := sprintf("%s_12.6(1)", [component_of(template)]) if {
	not own_port(template)
	releases.older(text, first)
}

wants(template, text) := component_of(template) if {
	own_port(template)
	not releases.older(text, first)
}

findings contains {
	"subject": c.edge,
	"key": sprintf("%s %s", [c.subject, c.node]),
	"message": sprintf("TEMPLATE_TYPE is %s, but %s runs %s", [c.template, c.node, releases.text(c.node)]),
	"fix": sprintf("Write TEMPLATE_TYPE=%q and start the container again.", [wanted]),
	"sources": array.concat([c.source], releases.sources(c.node)),
} if {
	some c in chosen
	wanted := wants(c.template, releases.known[c.node].text)
}

unsure contains {"subject": c.edge, "reason": sprintf("the release of %s is not known", [c.node])} if {
	some c in chosen
	not releases.known[c.node]
}
