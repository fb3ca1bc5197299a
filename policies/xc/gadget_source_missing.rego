# METADATA
# title: Source of a gadget is not on the list
# description: |-
#   With the gadget source check on, a gadget from a host that is not listed is not loaded at all. Reporting gadgets are
#   asked for with and without the port, so both forms belong on the list.
# custom:
#   severity: medium
#   fix: Add the missing sources with utils finesse gadget_source_check allowed_list add on every Finesse node.
#   controls: [XC-32, GSC-01]
#   optional: [layout]
#   bad: |-
#     1: https://cuic-a.corp.example:8444
#   good: |-
#     1: https://cuic-a.corp.example
#     2: https://cuic-a.corp.example:8444
package policies.xc.gadget_source_missing

import data.policies.lib.gated
import data.policies.lib.inventory

subjects contains node.target if some node in gated.desktops

# ports of the reporting server that hand out gadgets: those of its own on which
# its status page stands too.
ports := {page.port |
	some page in input.profile.parameters.vos.status_pages
	page.role == "cuic"
	some component in input.profile.parameters.components
	component.role == "cuic"
	page.port in component.ports
}

origin(host, 443) := sprintf("https://%s", [lower(host)])

origin(host, port) := sprintf("https://%s:%d", [lower(host), port]) if port != 443

# wanted: each source with the node or the gadget that needs it.
wanted contains {"origin": origin(node.host, port), "node": node.subject, "source": node.source} if {
	some node in input.site.nodes
	node.role == "cuic"
	node.host != ""
	some port in (ports | {443})
}

# A gadget of the layout concerns the nodes of every cluster.
wanted contains {"origin": origin(resource.host, resource.port), "node": "", "source": resource.source} if {
	some layout in input.layout
	some resource in layout.resources
	resource.kind == "gadget"
	not resource.relative
	resource.scheme == "https"
	resource.host != ""
}

near(_, "")

near(target, node) if {
	node != ""
	inventory.same_cluster(target, node)
}

held[node.target] contains trim_suffix(lower(item.value), "/") if {
	some node in gated.desktops
	some item in node.gadget_sources.items
}

missing[[node.target, w.origin]] contains w.source if {
	some node in gated.desktops
	node.gadget_sources.known
	some w in wanted
	near(node.target, w.node)
	not has(node.target, w.origin)
}

has(target, text) if text in held[target]

list_of[node.target] contains node.gadget_sources.source if some node in gated.desktops

lists := list_of

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is not among the sources that gadgets may come from", [id[1]]),
	"fix": sprintf("Run utils finesse gadget_source_check allowed_list add %s on the node.", [id[1]]),
	"sources": array.concat([s | some s in lists[id[0]]], [s | some s in sources]),
} if {
	some id, sources in missing
}

unsure contains {"subject": node.target, "reason": "the list of gadget sources is not known"} if {
	some node in gated.desktops
	not node.gadget_sources.known
}
