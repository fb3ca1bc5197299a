# Indexes over the zones of request and connection limits, and over the limits that
# each forwarding location is under.
package policies.lib.limits

import data.policies.lib.forwarding

# addresses are the variables that hold the client's address.
addresses := {"$binary_remote_addr", "$remote_addr"}

# client_variables[edge]: these, and variables that a map makes of them. Where such a
# map gives nothing, a client is exempt.
client_variables[record.target] contains address if {
	some record in input.nginxrules
	some address in addresses
}

client_variables[record.target] contains sprintf("$%s", [trim_prefix(map.variable, "$")]) if {
	some record in input.nginxrules
	some map in record.maps
	some entry in map.entries
	entry.value in addresses
}

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

# rate reads "rate=90r/s" as requests a minute; 0 for a zone of connections.
rate(text) := to_number(found[0][1]) * factor[found[0][2]] if {
	found := regex.find_all_string_submatch_n(`(?:^| )rate=([0-9]{1,9})r/(s|m)(?: |$)`, text, 1)
	count(found) == 1
}

rate(text) := 0 if not regex.match(`(?:^| )rate=([0-9]{1,9})r/(s|m)(?: |$)`, text)

factor := {"s": 60, "m": 1}

# requests and connections: the limits of each route. A zone of the same name for the
# other kind does not count.
requests contains {"server": r.server, "edge": r.edge, "at": r.at, "place": r.place, "zone": name, "burst": burst(concat(" ", s.args)), "source": s.source} if {
	some r in forwarding.routes
	some s in forwarding.effective(r.at, r.server, "limit_req")
	some arg in s.args
	startswith(arg, "zone=")
	name := trim_prefix(arg, "zone=")
}

burst(text) := to_number(found[0][1]) if {
	found := regex.find_all_string_submatch_n(`(?:^| )burst=([0-9]{1,9})(?: |$)`, text, 1)
	count(found) == 1
}

burst(text) := 0 if not regex.match(`(?:^| )burst=([0-9]{1,9})(?: |$)`, text)

connections contains {"server": r.server, "edge": r.edge, "at": r.at, "place": r.place, "zone": s.args[0], "amount": s.amount, "source": s.source} if {
	some r in forwarding.routes
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
# its connections.
limited contains l.at if {
	some l in requests
	by_client(l.edge, l.zone, "limit_req_zone")
}

bounded contains l.at if {
	some l in connections
	by_client(l.edge, l.zone, "limit_conn_zone")
}

# published[role]: the limits of the profile.
published := {limit.role: limit | some limit in input.profile.parameters.gate.request_limits}

# most[at]: what a route may be limited to, by the most generous product behind it.
most[r.at] := {"per_minute": max(rates) * slack, "burst": max(bursts) * slack, "connections": max(numbers) * slack} if {
	some r in forwarding.routes
	products := {role | some t in forwarding.targets[r.at]; some role in t.roles; published[role]}
	count(products) > 0
	rates := {published[role].per_minute | some role in products}
	bursts := {published[role].burst | some role in products}
	numbers := {published[role].streams | some role in products}
	slack := input.profile.parameters.gate.limit_slack
}

most_of := most
