# METADATA
# title: WebSockets are neither authenticated nor counted
# description: |-
#   A WebSocket stays open for a whole shift and escapes every limit of requests. Without credentials and a number for
#   each client, one of them holds the connections of all agents, and listens to events that are not its own.
# related_resources:
# - ref: https://nginx.org/en/docs/http/websocket.html
# custom:
#   severity: high
#   fix: Ask for credentials in the location, and set limit_conn there with a zone of client addresses.
#   controls: [HTTP-24]
#   bad: location = /ws { proxy_pass https://finesse_a; proxy_set_header Upgrade $http_upgrade; }
#   good: location = /ws { auth_request /authenticate; limit_conn perclient 4; proxy_pass https://finesse_a; }
package policies.filter.websocket_unregulated

import data.policies.lib.forwarding
import data.policies.lib.limits

# sockets: the routes to Finesse on which a connection may become a WebSocket. Live
# Data hands out a token of its own for its events.
sockets contains r if {
	some r in forwarding.routes
	r.at in forwarding.upgrading
}

to_finesse(at) if {
	some t in forwarding.targets[at]
	count(t.roles & {"finesse", "uccx"}) > 0
}

subjects contains r.server if some r in sockets

findings contains {
	"subject": r.server,
	"key": sprintf("%s credentials", [r.place]),
	"message": sprintf("%s opens WebSockets to Finesse without credentials", [r.place]),
	"sources": [r.source],
} if {
	some r in sockets
	to_finesse(r.at)
	not r.at in forwarding.guarded
	not r.at in forwarding.undecided
}

unsure contains {"subject": r.server, "reason": sprintf("only Lua code could ask for credentials in %s", [r.place])} if {
	some r in sockets
	to_finesse(r.at)
	r.at in forwarding.undecided
}

findings contains {
	"subject": r.server,
	"key": sprintf("%s connections", [r.place]),
	"message": sprintf("%s opens any number of WebSockets for one client", [r.place]),
	"sources": [r.source],
} if {
	some r in sockets
	not r.at in limits.bounded
}
