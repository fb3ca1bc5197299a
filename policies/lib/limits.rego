# Indexes over the zones of request and connection limits, and over the limits that
# each forwarding location is under.
package policies.lib.limits

import data.policies.lib.forwarding
import data.policies.lib.hops
import data.policies.lib.nginx

# addresses are the variables that hold the client's address.
addresses := {"$binary_remote_addr", "$remote_addr"}

# client_variables[edge]: these, and variables that a map makes of them for whoever it
# does not name: by default, or for the default of the geo block or map that it reads.
# Where such a map gives nothing, a client is exempt. What the client itself sends
# decides about no limit.
client_variables[record.target] contains address if {
	some record in input.nginxrules
	some address in addresses
}

client_variables[edge] contains variable if {
	some edge, by_variable in maps
	some variable, all_maps in by_variable
	every map in all_maps {
		not sent_by_client(map.input)
		not sent_by_client(origin(edge, map.input))
		usual(edge, map.id, map.input) in addresses
	}
}

sent_by_client(name) if regex.match(`^\$\{?(http_|arg_|cookie_|args|query_string)`, lower(name))

# maps[edge][variable]: the maps and geo blocks that make a variable.
maps := map_groups

map_groups[record.target][sprintf("$%s", [trim_prefix(map.variable, "$")])] contains {"id": at_of(map.source.artifact, map.source.line), "kind": map.kind, "input": map.input} if {
	some record in input.nginxrules
	some map in record.maps
}

at_of(artifact, line) := sprintf("%s:%d", [artifact, line])

# gives[edge][id][key]: the value of each entry of a map; of several the last.
gives := {edge: by_map |
	some edge, entries_of in entry_groups
	by_map := {id: by_key |
		some id, values_of in entries_of
		by_key := {key: max(values)[1] | some key, values in values_of}
	}
}

entry_groups[record.target][at_of(map.source.artifact, map.source.line)][entry.key] contains [entry.source.line, entry.value] if {
	some record in input.nginxrules
	some map in record.maps
	some entry in map.entries
}

# origin: the input of the map that makes a variable.
origin(edge, name) := first if {
	inputs := sort([m.input | some m in maps[edge][name]])
	first := inputs[0]
}

origin(edge, name) := "" if not maps[edge][name]

# usual: what a map gives for a client that no list names.
usual(edge, id, name) := value_of(edge, id, fallback_of(edge, name)) if maps[edge][name]

usual(edge, id, name) := value_of(edge, id, "default") if not maps[edge][name]

# fallback_of: the default of the map that makes a variable; nothing where it has none.
fallback_of(edge, name) := value if {
	values := sort({object.get(gives[edge], [m.id, "default"], "") | some m in maps[edge][name]})
	value := values[0]
}

# value_of: what a map gives for a text. One that regular expressions may match is
# not derived; a missing default gives nothing.
value_of(edge, id, text) := gives[edge][id][text]

value_of(edge, id, text) := object.get(gives[edge], [id, "default"], "") if not gives[edge][id][text]

# zones[edge][name]: the zones of limit_req_zone and limit_conn_zone.
zones := zone_groups

zone_groups[record.target][name] contains {"kind": setting.name, "key": setting.args[0], "per_minute": rate(concat(" ", setting.args)), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name in {"limit_req_zone", "limit_conn_zone"}
	some arg in setting.args
	startswith(arg, "zone=")
	name := split(trim_prefix(arg, "zone="), ":")[0]
}

# rate reads "rate=90r/s" as requests a minute; -1 for a text that it cannot read, such
# as that of a zone of connections, which has none.
rate(text) := to_number(found[0][1]) * factor[found[0][2]] if {
	found := regex.find_all_string_submatch_n(`(?:^| )rate=([0-9]{1,9})r/(s|m)(?: |$)`, text, 1)
	count(found) == 1
}

rate(text) := -1 if not regex.match(`(?:^| )rate=([0-9]{1,9})r/(s|m)(?: |$)`, text)

factor := {"s": 60, "m": 1}

# requests and connections: the limits of each route. A zone of the same name for the
# other kind does not count.
requests contains {"server": r.server, "edge": r.edge, "at": r.at, "place": r.place, "zone": name, "burst": burst(concat(" ", s.args)), "source": s.source} if {
	some r in forwarding.passages
	some s in forwarding.effective(r.at, r.server, "limit_req")
	some arg in s.args
	startswith(arg, "zone=")
	name := trim_prefix(arg, "zone=")
}

burst(text) := to_number(found[0][1]) if {
	found := regex.find_all_string_submatch_n(`(?:^| )burst=([0-9]{1,9})(?: |$)`, text, 1)
	count(found) == 1
}

burst(text) := 0 if not contains(text, "burst=")

burst(text) := -1 if {
	contains(text, "burst=")
	not regex.match(`(?:^| )burst=([0-9]{1,9})(?: |$)`, text)
}

connections contains {"server": r.server, "edge": r.edge, "at": r.at, "place": r.place, "zone": s.args[0], "amount": s.amount, "source": s.source} if {
	some r in forwarding.passages
	some s in forwarding.effective(r.at, r.server, "limit_conn")
}

# requests_on: the limits of requests of each route.
requests_on := request_groups

request_groups[l.at] contains l if some l in requests

# by_client holds for a zone that counts each client apart.
by_client(edge, name, kind) if {
	some zone in zones[edge][name]
	zone.kind == kind
	zone.key in client_variables[edge]
}

# limited and bounded: the routes under a limit of each client's requests, and of
# its connections, their own or one on every way to them.
limited contains at if some at in limiting

limited contains r.at if {
	some r in forwarding.routes
	not r.server in unlimited
}

unlimited := hops.beyond(limiting)

limiting contains l.at if {
	some l in requests
	tells_clients(l.server)
	by_client(l.edge, l.zone, "limit_req_zone")
}

bounded contains at if some at in bounding

bounded contains r.at if {
	some r in forwarding.routes
	not r.server in unbounded
}

unbounded := hops.beyond(bounding)

bounding contains l.at if {
	some l in connections
	tells_clients(l.server)
	by_client(l.edge, l.zone, "limit_conn_zone")
}

# tells_clients: behind another server of the gate, all clients have its own address,
# unless that is taken from a header.
tells_clients(server) if not server in hops.inner

tells_clients(server) if nginx.settings[server].set_real_ip_from

# published[role]: the limits of the profile.
published := {limit.role: limit | some limit in input.profile.parameters.gate.request_limits}

# most[at]: what a route may be limited to, by the most generous product behind it.
most[r.at] := {"per_minute": max(rates) * slack, "burst": max(bursts) * slack, "connections": max(numbers) * slack} if {
	some r in forwarding.routes
	products := {role | some t in forwarding.targets[r.at]; some role in t.roles; published[role]}
	count(products) > 0
	rates := {published[role].per_minute | some role in products}
	bursts := {published[role].burst | some role in products}
	unit := unit_of(r.server)
	numbers := {published[role][unit] | some role in products}
	slack := input.profile.parameters.gate.limit_slack
}

most_of := most

# unit_of: HTTP/2 counts each stream as a connection.
unit_of(server) := "streams" if server in multiplexing

unit_of(server) := "connections" if not server in multiplexing

multiplexing contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	listen.http2
}

multiplexing contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "http2"
	setting.args == ["on"]
}
