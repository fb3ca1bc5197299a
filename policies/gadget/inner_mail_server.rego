# METADATA
# title: Mail and chat gadget comes from an inner server
# description: |-
#   Agents at home load the gadget of the mail and chat server from the address in the layout, also when they handle mail
#   only. The layout may hold the external address and no other.
# custom:
#   severity: high
#   fix: Put the address by which the internet reaches the mail and chat server into the layout, and take inner ones out.
#   controls: [GAD-05]
#   optional: [dns]
#   bad: "<gadget>https://ece-a.corp.example/system/ece.xml</gadget>"
#   good: "<gadget>https://mail.agents.example/system/ece.xml</gadget>"
package policies.gadget.inner_mail_server

import data.policies.lib.gadgets
import data.policies.lib.inventory
import data.policies.lib.proxymap
import data.policies.lib.public_names

mail[sprintf("%s:%d", [lower(resource.host), resource.port])] contains resource if {
	some resources in gadgets.remote
	some resource in resources
	segments := split(lower(resource.path), "/")
	segments[count(segments) - 1] in input.profile.parameters.trust.mail_gadgets
}

subjects contains sprintf("gadget/%s", [id]) if some id, _ in mail

is_inner(id) if inventory.node_of[gadgets.hosts[id]]

is_inner(id) if gadgets.hosts[id] in proxymap.internal_hosts

is_inner(id) if gadgets.hosts[id] in public_names.missing

is_inner(id) if {
	some resource in mail[id]
	resource.short
}

is_inner(id) if {
	some resource in mail[id]
	gadgets.inner_address(resource.ip_address, resource.host)
}

is_outer(id) if gadgets.hosts[id] in public_names.public

is_outer(id) if proxymap.external_hosts[gadgets.hosts[id]]

findings contains {
	"subject": sprintf("gadget/%s", [id]),
	"key": "host",
	"message": sprintf("the layout loads the mail and chat gadget from %s, which the internet does not reach", [id]),
	"sources": [resource.source | some resource in resources],
} if {
	some id, resources in mail
	is_inner(id)
	not is_outer(id)
}

unsure contains {"subject": sprintf("gadget/%s", [id]), "reason": sprintf("whether the internet reaches %s is not known", [id])} if {
	some id, _ in mail
	not is_inner(id)
	not is_outer(id)
}
