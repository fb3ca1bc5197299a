# METADATA
# title: Node trusts a host that is no gate
# description: |-
#   A trusted host is believed about who its clients are, and is spared the node's limits. A former gate, or the test
#   machine of somebody who has left, keeps that power for whoever gets its name or address.
# custom:
#   severity: high
#   fix: Delete the entry with utils system reverse-proxy allowed-hosts delete, or declare the host as an edge.
#   controls: [VOS-01, XC-07]
#   bad: |-
#     admin:utils system reverse-proxy allowed-hosts list
#     5. old-desk.agents.example
#   good: |-
#     admin:utils system reverse-proxy allowed-hosts list
#     4. desk-b.agents.example
package policies.vos.unknown_host_trusted

import data.policies.lib.gated
import data.policies.lib.inventory
import data.policies.lib.proxymap

subjects contains node.target if some node in gated.nodes

# gates: every name and address by which the site knows its edges. Load balancers
# are another rule's.
gates := ({host | some host, _ in proxymap.external_hosts} | {address | some address, _ in inventory.edge_addresses}) | (balancers | logins)

balancers := {lower(b) | some b in input.site.load_balancers}

logins contains regex.replace(lower(edge.ssh.address), `:[0-9]+$`, "") if some edge in input.site.edges

strangers[[node.target, lower(item.value)]] contains item.source if {
	some node in gated.nodes
	some item in node.allowed_hosts.items
	not lower(item.value) in gates
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the node trusts %s, which is neither a name of the map nor an address of an edge", [id[1]]),
	"fix": sprintf("Run utils system reverse-proxy allowed-hosts delete on the node, choose %s, and restart the Web Proxy Service.", [id[1]]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	some id, sources in strangers
}

unsure contains {"subject": node.target, "reason": "the list of trusted hosts is not known"} if {
	some node in gated.nodes
	not node.allowed_hosts.known
}
