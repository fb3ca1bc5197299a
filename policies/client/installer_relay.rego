# METADATA
# title: Installer's relay of the client address does not fit the site
# description: |-
#   The list of load balancers and the header that they write belong together, and are empty where clients connect
#   directly. Anything else hides the clients behind one address, or lets them choose their own.
# custom:
#   severity: high
#   fix: Set NGX_LOAD_BALANCER_IPS to the load balancers' addresses and NGX_LOAD_BALANCER_REAL_IP_HEADER to the header that they alone write, or empty both.
#   controls: [IP-01, IP-02, IP-04, IP-08]
#   optional: [env]
#   bad: |-
#     NGX_LOAD_BALANCER_IPS="203.0.113.20"
#     NGX_LOAD_BALANCER_REAL_IP_HEADER=""
#   good: |-
#     NGX_LOAD_BALANCER_IPS="203.0.113.20"
#     NGX_LOAD_BALANCER_REAL_IP_HEADER="X-Client-Address"
package policies.client.installer_relay

import data.policies.lib.balancers
import data.policies.lib.env

subjects contains edge if some edge in env.declared

lists contains {"edge": edge, "file": env.words(p.file), "items": p.list, "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LOAD_BALANCER_IPS
}

headers contains {"edge": edge, "file": env.words(p.file), "name": trim_space(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LOAD_BALANCER_REAL_IP_HEADER
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s not declared", [l.file]),
	"message": sprintf("NGX_LOAD_BALANCER_IPS names %s, but the site declares no load balancer", [concat(", ", l.items)]),
	"fix": `NGX_LOAD_BALANCER_IPS=""`,
	"sources": [l.source],
} if {
	some l in lists
	count(l.items) > 0
	not balancers.declared
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s hidden", [l.file]),
	"message": sprintf("clients come through %s, but NGX_LOAD_BALANCER_IPS is empty", [concat(", ", input.site.load_balancers)]),
	"sources": [l.source],
} if {
	some l in lists
	count(l.items) == 0
	balancers.declared
}

findings contains {
	"subject": l.edge,
	"key": sprintf("%s no header %s", [l.file, h.file]),
	"message": "NGX_LOAD_BALANCER_IPS names load balancers, but NGX_LOAD_BALANCER_REAL_IP_HEADER is empty",
	"sources": [h.source, l.source],
} if {
	some l in lists
	some h in headers
	l.edge == h.edge
	count(l.items) > 0
	h.name == ""
}

findings contains {
	"subject": h.edge,
	"key": sprintf("%s no load balancer %s", [l.file, h.file]),
	"message": sprintf("NGX_LOAD_BALANCER_REAL_IP_HEADER is %s, but NGX_LOAD_BALANCER_IPS is empty", [h.name]),
	"sources": [h.source, l.source],
} if {
	some l in lists
	some h in headers
	l.edge == h.edge
	count(l.items) == 0
	h.name != ""
}

# The last entry of X-Forwarded-For is the last hop; the installer's files do not say
# whether the generated configuration looks past those that are trusted.
unsure contains {"subject": h.edge, "reason": sprintf("%s takes the client from X-Forwarded-For, and nothing says whether trusted hops are skipped", [h.file])} if {
	some h in headers
	lower(h.name) == "x-forwarded-for"
}

names := {"NGX_LOAD_BALANCER_IPS", "NGX_LOAD_BALANCER_REAL_IP_HEADER"}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some name in names
	some reason in by_name[name]
}

unsure contains u if some u in env.unread
