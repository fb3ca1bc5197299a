# METADATA
# title: Socket has no default server of its own
# description: |-
#   nginx then gives every request for an unknown name to whichever server stands first in the files. A new file
#   that sorts earlier silently changes who answers strangers.
# related_resources:
# - ref: https://nginx.org/en/docs/http/request_processing.html
# custom:
#   severity: medium
#   fix: Add a server with listen ... default_server and ssl_reject_handshake on, or return 444, to the socket.
#   controls: [HTTP-01, HTTP-02, CIS-NGX-2.4.2]
#   bad: "listen 8445 ssl;"
#   good: "listen 8445 ssl default_server;"
package policies.http.default_server_missing

import data.policies.lib.nginx

subjects contains socket.subject if {
	some socket in nginx.sockets
	not socket.local
}

findings contains {
	"subject": socket.subject,
	"key": "default_server",
	"message": sprintf("no server of %s is marked default_server; unknown names go to %s", [socket.name, socket["default"]]),
	"sources": [socket.source],
} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not socket.explicit_default
}
