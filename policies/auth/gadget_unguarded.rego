# METADATA
# title: Gadget server is open to everybody
# description: |-
#   A gadget's own server does not ask Finesse who the agent is. What the gate forwards to it without a control of its
#   own is an application of the inner network on the internet.
# custom:
#   severity: high
#   fix: Ask for credentials in the location (auth_request or the vendor's Lua handler), or list the addresses that may use it.
#   controls: [AUTH-11]
#   bad: location /crm/ { proxy_pass https://gadgets.corp.example; }
#   good: location /crm/ { auth_request /authenticate; proxy_pass https://gadgets.corp.example; }
package policies.auth.gadget_unguarded

import data.policies.lib.forwarding
import data.policies.lib.inventory
import data.policies.lib.nginx

# gadgets: the routes to a declared gadget server, and to hosts that are no node.
gadgets contains {"route": r, "host": lower(t.host)} if {
	some r in forwarding.routes
	some t in forwarding.targets[r.at]
	not t.computed
	not r.server in login_pages
	strange(t.host, t.roles)
}

# login_pages: the servers with the name of the identity provider, which is where
# people log in.
login_pages contains server if {
	some servers_of in nginx.named
	some server in servers_of[lower(input.site.idp.host)]
}

strange(_, roles) if count(roles & {"gadget", "socialminer", "mediasense"}) > 0

strange(host, _) if {
	not inventory.node_of[lower(host)]
	lower(host) != lower(input.site.idp.host)
}

# A server that forwards to no such host passes.
subjects contains server if some server in forwarding.servers

findings contains {
	"subject": g.route.server,
	"key": sprintf("%s %s", [g.route.place, g.host]),
	"message": sprintf("%s forwards to %s, and asks nobody who comes", [g.route.place, g.host]),
	"sources": [g.route.source],
} if {
	some g in open_gadgets
	not g.route.at in forwarding.undecided
}

open_gadgets contains g if {
	some g in gadgets
	not g.route.at in forwarding.guarded
	not g.route.at in forwarding.listed
}

unsure contains {"subject": g.route.server, "reason": sprintf("only Lua code could ask who comes to %s of %s", [g.host, g.route.place])} if {
	some g in open_gadgets
	g.route.at in forwarding.undecided
}
