# METADATA
# title: Digital channels are open to every address
# description: |-
#   Requests to Cloud Connect are not authenticated at the gate: the list of addresses that may send them is all there
#   is. An empty or a wide one puts customers' tasks into anybody's hands.
# custom:
#   severity: high
#   fix: List the addresses of the digital channel's platform in NGX_CLOUDCONNECT_CLIENT_IPS, separated by "|".
#   controls: [AUTH-10]
#   optional: [env]
#   bad: NGX_CLOUDCONNECT_CLIENT_IPS="0.0.0.0/0"
#   good: NGX_CLOUDCONNECT_CLIENT_IPS="198.51.100.20|198.51.100.21"
package policies.auth.digital_channel_open

import data.policies.lib.env
import data.policies.lib.networks

subjects contains edge if some edge in env.declared

# channels: the edges with a file for Cloud Connect. Without one no channel is open.
channels contains edge if {
	some edge, files in env.files
	some file in files
	file.family == "cloudconnect"
}

lists contains {"edge": edge, "file": p.file, "list": p.list, "source": p.source} if {
	some edge in channels
	some p in env.properties[edge].NGX_CLOUDCONNECT_CLIENT_IPS
	p.set
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s empty", [env.words(l.file)]),
	"message": sprintf("NGX_CLOUDCONNECT_CLIENT_IPS is empty in %s: no address is named", [env.words(l.file)]),
	"sources": [l.source],
} if {
	some l in lists
	count(l.list) == 0
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s %s", [env.words(l.file), item]),
	"message": sprintf("NGX_CLOUDCONNECT_CLIENT_IPS in %s lets %s in, which is %s", [env.words(l.file), item, defect(item)]),
	"sources": [l.source],
} if {
	some l in lists
	some item in l.list
	defect(item)
}

defect(item) := "no address" if not networks.cidr(item)

defect(item) := "far more than one platform" if wide(item)

wide(item) if networks.public_size(networks.cidr(item))

wide(item) if {
	not contains(item, ":")
	networks.width(networks.cidr(item)) < 16
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge in channels
	some reason in env.untold[edge].NGX_CLOUDCONNECT_CLIENT_IPS
}

unsure contains u if some u in env.unread
