# METADATA
# title: Own addresses of the gates are not all listed
# description: |-
#   The gate knows its own requests, and those of its peer, by this list: for users, resources and keys. An address
#   that is missing is limited and blocked like a stranger's, and with it the gate blocks itself.
# custom:
#   severity: medium
#   fix: List every address of both sides in NGX_LOCALHOST_IPS, with "|" between them.
#   controls: [IP-07]
#   optional: [env]
#   bad: NGX_LOCALHOST_IPS="192.168.1.69"
#   good: NGX_LOCALHOST_IPS="203.0.113.10|10.9.0.10|203.0.113.11|10.9.0.11"
package policies.client.own_addresses_missing

import data.policies.lib.env
import data.policies.lib.inventory

subjects contains edge if some edge in env.declared

lists contains {"edge": edge, "file": env.words(p.file), "listed": {lower(item) | some item in p.list}, "text": p.text, "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LOCALHOST_IPS
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s %s", [l.file, address]),
	"message": sprintf("NGX_LOCALHOST_IPS lacks %s, an address of a gate of the site", [address]),
	"fix": sprintf(`NGX_LOCALHOST_IPS="%s"`, [concat("|", sort(object.keys(inventory.edge_addresses)))]),
	"sources": array.concat([l.source], [s | some s in places]),
} if {
	some l in lists
	some address, places in inventory.edge_addresses
	not address in l.listed
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s %s", [l.file, item]),
	"message": sprintf("NGX_LOCALHOST_IPS names %s, which is no address of a gate of the site", [item]),
	"sources": [l.source],
} if {
	some l in lists
	some item in l.listed
	not inventory.edge_addresses[item]
	not startswith(item, "127.")
	item != "::1"
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_LOCALHOST_IPS
}

unsure contains u if some u in env.unread
