# Builders of live HTTP evidence for the tests of rules.
package policies.lib.live

import data.policies.lib.fixture

place := fixture.seen("desk-a.agents.example", 8445)

strict := {"present": true, "valid": true, "max_age_seconds": 31536000, "include_subdomains": true, "preload": false}

headers := {
	"server": "nginx", "server_version": false, "powered_by": "", "hsts": strict, "no_sniff": true, "referrer_policy": "same-origin",
	"content_security_policy": "frame-ancestors 'self'", "frame_options": "", "permissions_policy": "", "cache_control": "no-store",
	"content_type": "text/html", "allow": "", "location": "", "authenticate": [],
}

request(name, fields) := object.union(
	{
		"name": name, "control": "", "method": "GET", "path": "/desktop/", "sni": "desk-a.agents.example", "host": "desk-a.agents.example:8445",
		"outcome": "answered", "refusal": "none", "reason": "", "status": 200, "denied": false, "denied_known": true, "comparable": true,
		"headers": headers, "cookies": [], "odd_head": false, "body_whole": true, "stock_page": false, "stock_error": false, "internal_names": [],
		"source": place,
	},
	fields,
)

closed(control, path, fields) := object.union(request("closed_path", {"control": control, "path": path}), fields)

with_headers(name, fields) := request(name, {"headers": object.union(headers, fields)})

listener(target, requests) := {
	"target": target, "subject": sprintf("%s/listener/desk-a.agents.example:8445", [target]), "host": "desk-a.agents.example", "port": 8445,
	"requests": requests, "system_hosts": [], "connections": 4, "sent": 4, "source": place,
}

edge(requests) := {"http": [listener("edge/rp-a", requests)]}

two_edges(first, second) := {"http": [listener("edge/rp-a", first), listener("edge/rp-b", second)]}
