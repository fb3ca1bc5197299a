# METADATA
# title: Map file is served to the outside
# description: |-
#   The map lists the internal name and port of every node. An edge may serve it to the nodes, but only on its internal
#   address; on a socket of all addresses a single packet rule stands between it and the internet.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#listen
# custom:
#   severity: high
#   fix: Bind the socket that serves the map to the internal address of the edge, or move the map to a server in the LAN.
#   controls: [HTTP-22]
#   bad: "listen 10000 ssl;   # location = /proxymap.txt { root html; }"
#   good: "listen 10.9.0.10:10000 ssl;"
package policies.http.map_file_served

import data.policies.lib.nginx
import data.policies.lib.places

public contains [edge.subject, address] if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

# outside: the sockets that strangers reach if a packet rule lets them.
faces(_, address) if address in {"*", "0.0.0.0", "[::]"}

faces(target, address) if [target, address] in public

subjects contains socket.subject if {
	some socket in nginx.sockets
	not socket.local
}

serving_map contains l.server if {
	some l in places.locations
	l.handler == "files"
	not l.refuses
	contains(lower(l.path), "proxymap")
}

# The file may be called otherwise outside: what counts is where it is taken from.
serving_map contains l.server if {
	some l in places.locations
	l.handler == "files"
	not l.refuses
	some name in {"root", "alias", "try_files"}
	some s in places.in_force(l.server, l.place, name)
	some arg in s.args
	contains(lower(arg), "proxymap")
}

serving_files contains server if some server, _ in places.files

offends(server, _) if server in serving_map

offends(server, port) if {
	port == input.profile.parameters.http.static_files_port
	server in serving_files
}

findings contains {
	"subject": socket.subject,
	"key": server,
	"message": sprintf("%s serves the map or the static files of the edge on an address that faces the outside", [socket.name]),
	"sources": [socket.source, nginx.servers[server].source],
	"fix": sprintf("listen %s:%d ssl;", [inner(socket.target), socket.port]),
} if {
	some socket in nginx.sockets
	socket.subject in subjects
	faces(socket.target, socket.address)
	some server in socket.servers
	offends(server, socket.port)
}

private[edge.subject] contains address if {
	some edge in input.site.edges
	some address in edge.addresses.private
}

inner(target) := min(private[target])

inner(target) := "ADDRESS-OF-THE-INTERNAL-INTERFACE" if not private[target]
