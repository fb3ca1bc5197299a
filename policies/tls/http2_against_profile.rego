# METADATA
# title: HTTP/2 is configured against the profile
# description: |-
#   The vendor's documents disagree about the HTTP version at the gate, and the profile says which reading holds
#   here. Limits of streams and connections are sized for that version.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_v2_module.html
# custom:
#   severity: low
#   fix: Turn http2 on or off for all servers of the socket, as the profile's http2 parameter says.
#   controls: [TLS-08, CIS-NGX-4.1.13]
#   bad: "listen 8445 ssl;   # where the profile requires HTTP/2"
#   good: "http2 on;"
package policies.tls.http2_against_profile

import data.policies.lib.nginx

subjects contains socket.subject if {
	some socket in nginx.sockets
	socket.tls
	not socket.local
}

# One listen with http2 makes the whole socket speak it.
speaking contains sprintf("%s %s:%d", [record.target, listen.address, listen.port]) if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	listen.http2
}

speaks(socket_target, socket_name) if sprintf("%s %s", [socket_target, socket_name]) in speaking

findings contains {
	"subject": socket.subject,
	"key": "http2",
	"message": sprintf("%s does not speak HTTP/2, which the profile requires", [socket.name]),
	"sources": [socket.source],
} if {
	input.profile.parameters.http2 == "required"
	some socket in nginx.sockets
	socket.subject in subjects
	not speaks(socket.target, socket.name)
}

findings contains {
	"subject": socket.subject,
	"key": "http2",
	"message": sprintf("%s speaks HTTP/2, which the profile forbids", [socket.name]),
	"sources": [socket.source],
} if {
	input.profile.parameters.http2 == "forbidden"
	some socket in nginx.sockets
	socket.subject in subjects
	speaks(socket.target, socket.name)
}
