# METADATA
# title: Upstream software shows in responses
# description: |-
#   Headers of the application servers pass the gate unless they are hidden, and name the software behind it. That
#   spares an attacker the guessing.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header
# custom:
#   severity: low
#   fix: Add proxy_hide_header X-Powered-By where requests are forwarded, and do not pass on Server.
#   controls: [HTTP-16, CIS-NGX-2.5.4]
#   bad: "proxy_pass_header Server;"
#   good: "proxy_hide_header Server; proxy_hide_header X-Powered-By;"
package policies.http.upstream_software_disclosed

import data.policies.lib.nginx

# forwarding: locations that pass requests on, with the headers that they treat.
forwarding contains {
	"server": server.subject, "source": location.source,
	"hidden": {lower(a) | some s in location.settings; s.name in {"proxy_hide_header", "more_clear_headers"}; some a in s.args},
	"passed": {lower(a) | some s in location.settings; s.name == "proxy_pass_header"; some a in s.args},
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.exposed_servers
	some location in server.locations
	some f in location.forwards
	f.directive == "proxy_pass"
}

subjects contains f.server if some f in forwarding

shown[[f.server, "X-Powered-By"]] contains f.source if {
	some f in forwarding
	not "x-powered-by" in f.hidden
	not "x-powered-*" in f.hidden
	not "x-*" in f.hidden
}

# nginx keeps the upstream's Server to itself unless told to pass it.
shown[[f.server, "Server"]] contains f.source if {
	some f in forwarding
	"server" in f.passed
	not "server" in f.hidden
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s of the upstream is passed on in %d location(s)", [id[1], count(sources)]),
	"sources": [s | some s in sources],
} if {
	some id, sources in shown
}
