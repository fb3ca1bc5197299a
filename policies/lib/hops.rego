# Requests that an edge passes to a server of its own, over loopback, a unix socket or
# one of its declared addresses. Whoever reaches the first server reaches the second one
# through it.
package policies.lib.hops

import data.policies.lib.nginx

own_host(host) if host in {"::1", "[::1]", "localhost"}

own_host(host) if startswith(host, "127.")

own_host(host) if startswith(host, "unix:")

# stays: a request to the host and port does not leave the edge. What has an address of
# the edge and is no server of nginx is somebody else's.
stays(_, host, _) if own_host(host)

stays(edge, host, port) if {
	not own_host(host)
	address_of[edge][host]
	behind[door(edge, host, port)]
}

# address_of[edge]: the declared addresses of an edge, as directives may write them.
address_of[edge.subject] contains written if {
	some edge in input.site.edges
	some address in array.concat(edge.addresses.public, edge.addresses.private)
	address != ""
	some written in {lower(address), sprintf("[%s]", [lower(address)])}
}

# at_of identifies a location inside of an evaluation.
at_of(server, place, artifact, line) := sprintf("%s %s %s:%d", [server, place, artifact, line])

# door: where a server is reached on the host itself. Which of the servers that share
# a socket answers depends on the Host header that the first one sends; each may.
door(edge, host, _) := sprintf("%s %s", [edge, concat(":", array.slice(split(host, ":"), 0, 2))]) if startswith(host, "unix:")

door(edge, host, port) := sprintf("%s %d", [edge, port]) if not startswith(host, "unix:")

behind[door(record.target, socket.address, socket.port)] contains server if {
	some record in input.nginxrules
	some socket in record.sockets
	some server in socket.servers
}

# from[server]: the locations that pass requests to a server of the same edge.
leading[server.subject] contains {"at": at_of(server.subject, place, location.source.artifact, location.source.line), "server": server.subject, "to": to} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some f in location.forwards
	stays(record.target, lower(f.host), f.port)
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
	some to in behind[door(record.target, lower(f.host), f.port)]
}

from := leading

# next[server]: where one hop leads.
next := {server: passing(server, set()) | some server, _ in nginx.servers}

# beyond: the servers that requests get to without passing any of these locations,
# through as many hops as there are.
beyond(skipped) := graph.reachable({server: passing(server, skipped) | some server, _ in nginx.servers}, nginx.exposed_servers)

passing(server, skipped) := {h.to | some h in from[server]; not h.at in skipped}

# through: a server and those that it passes requests to.
through(server) := graph.reachable(next, {server})

# reached: the servers that others reach, directly or through another.
reached := beyond(set())

# inner: those that others reach only through another.
inner := reached - nginx.exposed_servers
