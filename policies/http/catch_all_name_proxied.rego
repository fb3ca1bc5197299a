# METADATA
# title: Server forwards for names that it does not list
# description: |-
#   A wildcard, an empty name or a placeholder name makes the server take requests that nobody planned, and the
#   nodes then see hosts that no map knows. Each forwarding server needs its exact external names, unless a proof shows
#   that no others get through.
# related_resources:
# - ref: https://nginx.org/en/docs/http/server_names.html
# custom:
#   severity: medium
#   fix: List the exact external host names of the proxy map in server_name.
#   controls: [HTTP-02, CIS-NGX-2.4.2]
#   bad: "server_name *.agents.example;"
#   good: "server_name desk-a.agents.example;"
package policies.http.catch_all_name_proxied

import data.policies.lib.exposed
import data.policies.lib.nginx

subjects contains subject if {
	some subject in nginx.exposed_servers
	nginx.servers[subject].proxies
}

kind_text := {
	"leading_wildcard": "a wildcard", "trailing_wildcard": "a wildcard", "dot": "a wildcard",
	"empty": "the empty name, so requests without a host match it", "invalid": "no name that a client can send",
}

defects[[server.subject, name.kind, name.name]] contains name.source if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.catching
	not server.subject in exposed.naming
	some name in server.names
	name.kind in {"leading_wildcard", "trailing_wildcard", "dot", "empty"}
}

# A name that nobody can send matters where the server takes all unknown ones.
defects[[server.subject, name.kind, name.name]] contains name.source if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in subjects
	server.subject in nginx.socket_defaults
	not server.subject in exposed.naming
	some name in server.names
	name.kind == "invalid"
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("server_name %q is %s", [id[2], kind_text[id[1]]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in defects
	not exposed.found.unnamed[id[0]]
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("server_name %q is %s: %s", [id[2], kind_text[id[1]], shown.message]),
	"witness": shown.witness,
	"sources": [s | some s in sources],
} if {
	some id, sources in defects
	shown := min(exposed.found.unnamed[id[0]])
}

unsure contains {"subject": server.subject, "reason": sprintf("how many hosts server_name %q covers is not derived", [name.name])} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in subjects
	not server.subject in exposed.naming
	not exposed.strangers[server.subject]
	some name in server.names
	name.kind == "regex"
}
