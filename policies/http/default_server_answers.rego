# METADATA
# title: Default server answers requests for unknown names
# description: |-
#   Scanners come by address or with made-up names, and land in the default server. If it serves or forwards
#   anything, the gate talks to everybody who finds the address.
# related_resources:
# - ref: https://nginx.org/en/docs/http/request_processing.html
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_reject_handshake
# custom:
#   severity: high
#   fix: Let the default server of each socket do nothing but ssl_reject_handshake on, or return 444.
#   controls: [HTTP-01, HTTP-02, CIS-NGX-2.4.2]
#   bad: "listen 8445 ssl default_server; location / { root html; }"
#   good: "listen 8445 ssl default_server; ssl_reject_handshake on; return 444;"
package policies.http.default_server_answers

import data.policies.lib.exposed
import data.policies.lib.nginx

subjects contains socket.subject if {
	some socket in nginx.sockets
	not socket.local
}

is_refusal(status) if regex.match(`^[45]\d\d$`, status)

# diverted: the refusals that an error_page of a default server turns into content, by
# a named location or another status. Nothing can be made of a closed connection.
diverted contains [server.subject, status] if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.socket_defaults
	some setting in server.settings
	setting.name == "error_page"
	diverts(concat(" ", setting.args))
	some status in setting.args
	status != "444"
}

diverted contains [server.subject, status] if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.socket_defaults
	some location in server.locations
	some setting in location.settings
	setting.name == "error_page"
	diverts(concat(" ", setting.args))
	some status in setting.args
	status != "444"
}

diverts(text) if regex.match(`( @\S+| =(2\d\d)? \S+)$`, text)

# Servers whose own "return" refuses whatever comes.
refusing contains subject if {
	some subject in nginx.socket_defaults
	some setting in nginx.settings[subject].return
	is_refusal(setting.args[0])
	not [subject, setting.args[0]] in diverted
}

# Servers whose locations refuse, each of them, with one for every path.
whole contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.socket_defaults
	some location in server.locations
	location.path == "/"
	location.modifier in {"prefix", "prefix_no_regex"}
}

serving contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.socket_defaults
	some location in server.locations
	location["if"] == ""
	not location.internal
	location.modifier != "named"
	count([s | some s in location.settings; s.name == "return"; is_refusal(s.args[0]); not [server.subject, s.args[0]] in diverted]) == 0
	not denied({concat(" ", array.concat([s.name], s.args)) | some s in location.settings; s.name in {"allow", "deny"}})
}

denied(access) if access == {"deny all"}

refusing contains subject if {
	some subject in whole
	not subject in serving
}

rejecting contains subject if {
	some subject in nginx.socket_defaults
	some setting in nginx.settings[subject].ssl_reject_handshake
	setting.args[0] == "on"
}

refused(_, subject) if subject in refusing

refused(true, subject) if subject in rejecting

proxying contains subject if {
	some subject in nginx.socket_defaults
	nginx.servers[subject].proxies
}

# A script may refuse in a way that is not derived here, unless the server
# forwards: then a stranger reaches at least its login.
undecided contains subject if {
	some subject in nginx.socket_defaults
	subject in nginx.scripted
	not subject in proxying
}

# shown[socket]: the request of a stranger that a proof has followed to an upstream.
shown[socket.subject] := defect if {
	some socket in nginx.sockets
	socket.subject in subjects
	exposed.strangers[socket["default"]][socket.port]
	defect := min({d | some d in exposed.found.unnamed[socket["default"]]; endswith(d.key, sprintf(":%d", [socket.port]))})
}

findings contains {
	"subject": socket.subject,
	"key": "default server",
	"message": sprintf("%s is the default of %s: %s", [socket["default"], socket.name, shown[socket.subject].message]),
	"sources": [nginx.servers[socket["default"]].source],
	"witness": shown[socket.subject].witness,
	"fix": fix(socket.explicit_default, socket.name, socket.tls),
} if {
	some socket in nginx.sockets
	shown[socket.subject]
}

findings contains {
	"subject": socket.subject,
	"key": "default server",
	"message": sprintf("requests for unknown names on %s are answered by %s", [socket.name, socket["default"]]),
	"sources": [nginx.servers[socket["default"]].source],
	"fix": fix(socket.explicit_default, socket.name, socket.tls),
	"witness": {"kind": "request", "text": sprintf("GET / HTTP/1.1\r\nHost: unknown.invalid:%d\r\nConnection: close\r\n\r\n", [socket.port])},
} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not shown[socket.subject]
	not refused(socket.tls, socket["default"])
	not socket["default"] in undecided
}

fix(true, name, _) := sprintf("Let the default server of %s do nothing but return 444, with ssl_reject_handshake on where it speaks TLS", [name])

fix(false, name, true) := sprintf("Add server { listen %s ssl default_server; ssl_reject_handshake on; return 444; }", [name])

fix(false, name, false) := sprintf("Add server { listen %s default_server; return 444; }", [name])

unsure contains {"subject": socket.subject, "reason": "a Lua handler of the default server decides; it is not evaluated"} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not shown[socket.subject]
	not refused(socket.tls, socket["default"])
	socket["default"] in undecided
}
