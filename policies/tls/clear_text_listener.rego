# METADATA
# title: Socket speaks plain HTTP
# description: |-
#   Whatever is answered there can be read and changed on the way, and a first request without encryption is all
#   that an attacker needs to keep an agent on it. The guide closes plain HTTP instead of redirecting it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6797
# custom:
#   severity: high
#   fix: Remove the listen directive, add ssl to it, or bind it to the loopback address.
#   controls: [TLS-09, CIS-NGX-2.4.1, CIS-NGX-4.1.1]
#   bad: "listen 80;"
#   good: "listen 8445 ssl;"
package policies.tls.clear_text_listener

import data.policies.lib.nginx

subjects contains socket.subject if {
	some socket in nginx.sockets
	not socket.local
}

findings contains {
	"subject": socket.subject,
	"key": "clear",
	"message": sprintf("%s has no TLS", [socket.name]),
	"sources": [socket.source],
} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not socket.tls
}
