# METADATA
# title: Referer list lacks a host that agents come from
# description: |-
#   The gate answers 417 to requests that come from a page of a host which is not in the list, by exact case. A host
#   that is missing breaks sign-on, reports or gadgets for everybody who comes by way of it.
# custom:
#   severity: medium
#   fix: Add the host to NGX_VALID_REFERRERS as the map writes it, with "|" between hosts.
#   controls: [XC-18, HTTP-14]
#   optional: [env]
#   bad: NGX_VALID_REFERRERS="desk-a.agents.example"
#   good: NGX_VALID_REFERRERS="desk-a.agents.example|desk-b.agents.example|sso.example"
package policies.xc.referer_missing

import data.policies.lib.env
import data.policies.lib.inventory
import data.policies.lib.proxymap

subjects contains edge if some edge in env.declared

lists contains {"edge": edge, "file": p.file, "items": {item | some item in p.list}, "text": p.text, "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_VALID_REFERRERS
	p.set
}

# expected[host]: the hosts whose pages lead to the gate, as they are written.
expected[pair.external.host] contains source if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	inventory.nodes[node].role in {"finesse", "cuic", "ids", "uccx"}
	some source in pair.sources
}

expected[input.site.idp.host] contains input.site.source if input.site.idp.host != ""

# Hosts may be written with their port.
covers(items, host) if {
	some item in items
	split(item, ":")[0] == host
}

covers(items, host) if {
	some item in items
	startswith(item, "*.")
	endswith(host, trim_prefix(item, "*"))
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s %s", [env.words(l.file), host]),
	"message": sprintf("NGX_VALID_REFERRERS in %s lacks %s", [env.words(l.file), host]),
	"fix": sprintf(`NGX_VALID_REFERRERS="%s|%s"`, [l.text, host]),
	"sources": array.concat([l.source], [s | some s in places]),
} if {
	some l in lists
	some host, places in expected
	not covers(l.items, host)
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_VALID_REFERRERS
}

unsure contains u if some u in env.unread
