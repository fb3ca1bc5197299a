# Requests that an edge passes to a server of its own, over loopback, a unix socket or
# its own host. Whoever reaches the first server reaches the second one through it.
package policies.lib.hops

import data.policies.lib.nginx

own_host(host) if host in {"::1", "[::1]", "localhost"}

own_host(host) if startswith(host, "127.")

own_host(host) if startswith(host, "unix:")

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
	own_host(lower(f.host))
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
	some to in behind[door(record.target, lower(f.host), f.port)]
}

from := leading

# beyond: the servers that requests get to without passing any of these locations,
# through up to three hops.
beyond(skipped) := step(step(step(nginx.exposed_servers, skipped), skipped), skipped)

step(servers, skipped) := servers | {h.to | some server in servers; some h in from[server]; not h.at in skipped}

# through: a server and those that it passes requests to.
through(server) := step(step(step({server}, set()), set()), set())

# reached: the servers that others reach, directly or through another.
reached := beyond(set())

# inner: those that others reach only through another.
inner := reached - nginx.exposed_servers
