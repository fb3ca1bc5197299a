# METADATA
# title: Requests are served whatever program sends them
# description: |-
#   Most scanners name themselves, and go away when they are refused at once. The pattern of browsers is what keeps
#   them out of logs and limits.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_referer_module.html
# custom:
#   severity: low
#   fix: Refuse with 412 what does not name itself like a browser.
#   controls: [HTTP-15]
#   bad: server { location /desktop/ { proxy_pass https://finesse_a; } }
#   good: |-
#     map $http_user_agent $odd_agent { default 1; "~^Mozilla/5" 0; }
#     if ($odd_agent) { return 412; }
package policies.filter.user_agent_unchecked

import data.policies.lib.filters
import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.vendor_servers

findings contains {
	"subject": server,
	"key": "no user agent filter",
	"message": "no condition of the server refuses a request for its User-Agent",
	"sources": [nginx.servers[server].source],
} if {
	some server in subjects
	not server in filters.user_agent
	not server in filters.scripted
	not [server, "$http_user_agent"] in filters.untold
}

unsure contains {"subject": server, "reason": "Lua code may refuse requests for its User-Agent"} if {
	some server in subjects
	not server in filters.user_agent
	server in filters.scripted
}

unsure contains {"subject": server, "reason": "a condition on the User-Agent holds for some locations only, or is not followed"} if {
	some server in subjects
	not server in filters.user_agent
	[server, "$http_user_agent"] in filters.untold
}
