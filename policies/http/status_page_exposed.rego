# METADATA
# title: Status page answers to others than the host
# description: |-
#   It tells strangers how busy the gate is, and so how well their attack works. Monitoring reads it over loopback
#   or from addresses that are named.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_stub_status_module.html
# custom:
#   severity: medium
#   fix: Move stub_status to a server on 127.0.0.1, or allow the monitors' addresses and deny all.
#   controls: [HTTP-23, CIS-NGX-5.1.1]
#   bad: "listen 10001;   # location = /status { stub_status; }"
#   good: "listen 127.0.0.1:10001;"
package policies.http.status_page_exposed

import data.policies.lib.audiences
import data.policies.lib.forwarding
import data.policies.lib.hops
import data.policies.lib.nginx

# pages: locations with a status page, and who may read it.
pages contains {
	"server": server.subject, "source": setting.source,
	"place": nginx.place_name(location.parent, location.modifier, location.path, location["if"]),
	"allowed": {s.args[0] | some s in location.settings; s.name == "allow"},
	"denied": {s.args[0] | some s in location.settings; s.name == "deny"},
} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.name == "stub_status"
	setting.source.origin.kind == "explicit"
}

pages contains {
	"server": server.subject, "source": setting.source, "place": "server",
	"allowed": {s.args[0] | some s in server.settings; s.name == "allow"},
	"denied": {s.args[0] | some s in server.settings; s.name == "deny"},
} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "stub_status"
	setting.source.origin.kind == "explicit"
}

subjects contains p.server if some p in pages

open_pages[[p.server, p.place]] contains p.source if {
	some p in pages
	p.server in nginx.exposed_servers
	not audiences.closed(p.allowed, p.denied)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("stub_status in %s answers everybody", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in open_pages
}

unsure contains {"subject": p.server, "reason": sprintf("requests get to %s through another server of the gate; which paths it passes on is not followed", [p.place])} if {
	some p in pages
	p.server in hops.inner
	p.server in unlisted
}

unlisted := hops.beyond(forwarding.listing)
