# METADATA
# title: Allowed embedder belongs to no known host
# description: |-
#   Whoever controls that host may show the desktop inside a page of his own and collect clicks. Entries of former
#   gates and trials stay behind unless somebody compares them with what is in use.
# custom:
#   severity: medium
#   fix: Delete the entry, or declare the host as an integration of the site.
#   controls: [XC-11, VOS-10, CSP-03]
#   bad: |-
#     2: https://trial.vendor.example
#   good: |-
#     1: https://crm.example
package policies.framing.unknown_embedder

import data.policies.lib.inventory
import data.policies.lib.origins
import data.policies.lib.proxymap

subjects contains record.target if some record in input.framing

mapped := {host | some host, _ in proxymap.external_hosts} | proxymap.internal_hosts

trusted[node.target] contains lower(item.value) if {
	some node in input.vos
	some item in node.allowed_hosts.items
}

trusts := trusted

known(_, host) if host in inventory.known_hosts

known(_, host) if host in mapped

known(target, host) if host in trusts[target]

# A wildcard is known when a declared integration lies below it.
known(_, host) if {
	startswith(host, "*.")
	some embedder in inventory.embedders
	endswith(embedder, trim_prefix(host, "*"))
}

strangers[[record.target, item.value]] contains item.source if {
	some record in input.framing
	some item in record.entries.items
	regex.match(`^https?://[^/ ]+$`, item.value)
	not regex.match(`^https?://\*(\.[A-Za-z0-9-]+)?(:.*)?$`, item.value)
	not known(record.target, origins.host(item.value))
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s may embed the desktop, but its host is neither declared, mapped nor trusted", [id[1]]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	some id, sources in strangers
}

unsure contains {"subject": record.target, "reason": "the list of embedders is not known"} if {
	some record in input.framing
	not record.entries.known
}
