# METADATA
# title: Requests are served whatever page they come from
# description: |-
#   A page of somebody else can make an agent's browser send requests with the agent's session. The gate is the only
#   place that knows which pages may lead to the desktop.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_referer_module.html
# custom:
#   severity: low
#   fix: Refuse with 417 what has a Referer of a host that is not listed.
#   controls: [HTTP-14]
#   bad: server { location /desktop/ { proxy_pass https://finesse_a; } }
#   good: |-
#     valid_referers none server_names sso.example;
#     if ($invalid_referer) { return 417; }
package policies.filter.referer_unchecked

import data.policies.lib.filters
import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.vendor_servers

findings contains {
	"subject": server,
	"key": "no referer filter",
	"message": "no condition of the server refuses a request for its Referer",
	"sources": [nginx.servers[server].source],
} if {
	some server in subjects
	not server in filters.referer
	not server in filters.scripted
	not [server, "$http_referer"] in filters.untold
}

unsure contains {"subject": server, "reason": "Lua code may refuse requests for its Referer"} if {
	some server in subjects
	not server in filters.referer
	server in filters.scripted
}

unsure contains {"subject": server, "reason": "a condition on the Referer holds for some locations only, or is not followed"} if {
	some server in subjects
	not server in filters.referer
	[server, "$http_referer"] in filters.untold
}
