# METADATA
# title: Handshake name and Host header may differ
# description: |-
#   Servers that share a socket can be reached through the handshake of another one, so that controls that look at
#   the handshake name, such as a web firewall, judge the wrong site. nginx compares the two only when told to.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#var_ssl_server_name
# custom:
#   severity: medium
#   fix: Add "if ($ssl_server_name != $host) { return 421; }" to each server of the socket.
#   controls: [HTTP-03]
#   bad: "server_name desk-a.agents.example;   # and nothing compares the names"
#   good: "if ($ssl_server_name != $host) { return 421; }"
package policies.http.host_and_sni_may_differ

import data.policies.lib.nginx

# shared: proxying servers on TLS sockets with at least two of them.
shared contains {"server": subject, "socket": socket.name, "source": socket.source} if {
	some socket in nginx.sockets
	socket.tls
	not socket.local
	proxying := [s | some s in socket.servers; nginx.servers[s].proxies]
	count(proxying) > 1
	some subject in proxying
}

subjects contains s.server if some s in shared

guarded contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in subjects
	some location in server.locations
	location.path == ""
	compares(location["if"])
	some setting in location.settings
	setting.name == "return"
	regex.match(`^4\d\d$`, setting.args[0])
}

# With client certificates nginx itself insists on the name of the handshake.
guarded contains subject if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_verify_client
	setting.args[0] == "on"
}

compares(condition) if {
	contains(condition, "$ssl_server_name")
	contains(condition, "!=")
	regex.match(`\$(host|http_host|server_name)\b`, condition)
}

findings contains {
	"subject": s.server,
	"key": s.socket,
	"message": sprintf("on %s a handshake for another name leads here by the Host header alone", [s.socket]),
	"sources": [nginx.servers[s.server].source, s.source],
} if {
	some s in shared
	not s.server in guarded
	not s.server in nginx.scripted
}

unsure contains {"subject": s.server, "reason": "a Lua handler may compare the names; it is not evaluated"} if {
	some s in shared
	not s.server in guarded
	s.server in nginx.scripted
}
