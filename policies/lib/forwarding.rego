# Indexes over where the gate passes requests on, and how: the settings in effect
# in each location that forwards, its own or those of its server.
package policies.lib.forwarding

import data.policies.lib.audiences
import data.policies.lib.hops
import data.policies.lib.inventory
import data.policies.lib.nginx

# routes: the locations which pass requests to another host, of servers that others
# reach, be it through another server of the gate. "at" identifies a route inside of an
# evaluation, the place names it; where several of a server have one name, they are numbered.
routes contains object.union(r, {"place": numbered(r.place, count(same), i)}) if {
	some same in namesakes
	some i, r in sort([r | some r in same])
}

numbered(place, 1, _) := place

numbered(place, total, i) := sprintf("%s #%d", [place, i + 1]) if total > 1

namesakes[[r.server, r.place]] contains r.passage if {
	some r in found
	r.out
}

found contains {
	"server": server.subject, "place": place, "out": count([f | some f in location.forwards; not hops.stays(record.target, lower(f.host), f.port)]) > 0,
	"passage": {
		"edge": record.target, "server": server.subject, "at": hops.at_of(server.subject, place, location.source.artifact, location.source.line), "place": place,
		"path": location.path, "internal": location.internal, "source": location.source,
	},
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some location in server.locations
	count(location.forwards) > 0
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
}

# passages: the routes, and the locations that pass requests to the gate itself.
passages contains r.passage if some r in found

servers contains r.server if some r in routes

# fronts: the servers that clients speak to, of those that pass requests on.
fronts contains r.server if {
	some r in found
	r.server in nginx.exposed_servers
	r.out
}

fronts contains r.server if {
	some r in found
	r.server in nginx.exposed_servers
	hops.from[r.server]
}

# of_server: the routes of each server.
of_server := server_groups

server_groups[r.server] contains r if some r in routes

# targets[at]: where a route leads. Whether a computed one leads to a node is not known.
targets := target_groups

target_groups[hops.at_of(server.subject, place, location.source.artifact, location.source.line)] contains {
	"scheme": f.scheme, "host": f.host, "port": f.port, "computed": f.computed,
	"roles": roles_of(f.host, f.port), "source": f.source,
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in servers
	some location in server.locations
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
	some f in location.forwards
	not hops.stays(record.target, lower(f.host), f.port)
}

roles_of(host, port) := {role |
	some node in inventory.node_of[lower(host)]
	some role in parts(inventory.nodes[node].role, port)
}

# parts: a Unified CCX server runs all components, which its ports tell apart.
parts(role, _) := {role} if role != "uccx"

parts("uccx", port) := told[port]

parts("uccx", port) := {"uccx"} if not told[port]

told[port] contains group.component if {
	some group in input.profile.parameters.vos.component_ports
	some port in group.ports
}

told[port] contains "ids" if some port in input.profile.parameters.trust.sso.service_ports

# roles[server]: the products behind a server.
roles := role_groups

role_groups[r.server] contains role if {
	some r in routes
	some t in targets[r.at]
	some role in t.roles
}

# offered[server]: those of them that clients may ask for. What a server asks by itself,
# such as whether credentials are right, goes through an internal location.
offered := offered_groups

offered_groups[r.server] contains role if {
	some r in routes
	not r.internal
	some t in targets[r.at]
	some role in t.roles
}

# vendor: the routes to nodes that translate answers for gates that they trust, and
# those whose aim is computed.
vendor contains r if {
	some r in routes
	some t in targets[r.at]
	some role in t.roles
	role in {"finesse", "cuic", "livedata", "ids", "uccx", "cloudconnect"}
}

vendor contains r if {
	some r in routes
	some t in targets[r.at]
	t.computed
}

vendor_servers contains r.server if some r in vendor

# direct: those that clients reach without another server of the gate, so that what a
# request looked like before is known. relayed: the others.
direct contains r if {
	some r in vendor
	not r.server in hops.inner
}

relayed contains r if {
	some r in vendor
	r.server in hops.inner
}

# own[at][name] and above[server][name]: all settings of a location, and of a server.
own := own_groups

own_groups[hops.at_of(server.subject, place, location.source.artifact, location.source.line)][setting.name] contains {
	"args": setting.args, "amount": setting.amount, "has_variables": setting.has_variables,
	"source": setting.source,
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some location in server.locations
	count(location.forwards) > 0
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
	some setting in location.settings
}

above := above_groups

above_groups[server.subject][setting.name] contains {
	"args": setting.args, "amount": setting.amount, "has_variables": setting.has_variables,
	"source": source_of(setting.source.line, setting.source, server.source),
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some setting in server.settings
	setting.source.origin.kind != "unresolved"
}

# A default stands nowhere: the place of the server block shows it.
source_of(0, _, place) := place

source_of(line, source, _) := source if line != 0

# effective holds the settings of a name that a route is under.
effective(at, _, name) := own[at][name]

effective(at, server, name) := above[server][name] if not own[at][name]

# headers[at][name]: what a request header is set to, names in lower case.
headers := header_groups

header_groups[r.at][lower(s.args[0])] contains {"value": replace(replace(s.args[1], "{", ""), "}", ""), "source": s.source} if {
	some r in routes
	some s in effective(r.at, r.server, "proxy_set_header")
	count(s.args) == 2
}

# header_place[at]: a line that shows which headers the route sets, else its own.
header_place := header_places

header_places[r.at] contains s.source if {
	some r in routes
	some s in effective(r.at, r.server, "proxy_set_header")
}

header_places[r.at] contains r.source if {
	some r in routes
	not effective(r.at, r.server, "proxy_set_header")
}

# first_place[at]: the first of these lines.
first_place := {at: places[0] |
	some at, all_places in header_place
	places := sort([p | some p in all_places])
}

# What is asked or refused in a location that passes requests to another server of the
# gate holds for the routes of that one, if nobody comes there by another way.

# scripted: the routes on which Lua may set headers or refuse a request.
scripted contains r.at if {
	some r in passages
	some name in {"access_by_lua", "access_by_lua_block", "access_by_lua_file", "rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file"}
	effective(r.at, r.server, name)
}

# asking: the routes on which somebody's credentials are asked for. Of a script, only
# the modules that it uses tell so.
asking contains r.at if {
	some r in passages
	some name in {"auth_request", "auth_basic", "auth_jwt"}
	some s in effective(r.at, r.server, name)
	s.args[0] != "off"
}

asking contains r.at if {
	some r in passages
	some name in {"access_by_lua", "access_by_lua_block", "access_by_lua_file"}
	some s in effective(r.at, r.server, name)
	[s.source.artifact, s.source.line] in asking_scripts
}

asking_scripts contains [handler.source.artifact, handler.source.line] if {
	some record in input.nginxrules
	some handler in record.lua
	handler.phase == "access"
	some name in handler.requires
	name in input.profile.parameters.gate.authentication_modules
}

# keeping: the locations that nobody uses without credentials, or who is listed and
# need not show any. Under "satisfy any" an open list is enough to come in.
keeping contains at if {
	some at in asking
	not at in lenient
}

keeping contains at if {
	some at in asking
	at in listing
}

lenient contains r.at if {
	some r in passages
	some s in effective(r.at, r.server, "satisfy")
	s.args[0] == "any"
	count(admission(r.at, r.server, "allow") | admission(r.at, r.server, "deny")) > 0
}

# guarded: the routes that are kept so, themselves or on every way to them.
guarded contains r.at if {
	some r in routes
	r.at in keeping
}

guarded contains r.at if {
	some r in routes
	not r.server in unkept
}

unkept := hops.beyond(keeping)

# undecided: the routes of which only a script could say who may use them.
undecided contains r.at if {
	some r in routes
	r.at in scripted
	not r.at in guarded
}

undecided contains r.at if {
	some r in routes
	not r.at in guarded
	not r.server in unscripted
}

unscripted := hops.beyond(keeping | scripted)

# listed: the routes that only listed addresses may use.
listed contains r.at if {
	some r in routes
	r.at in listing
}

listed contains r.at if {
	some r in routes
	not r.server in unlisted
}

unlisted := hops.beyond(listing)

# A request of the gate itself comes from its loopback.
listing contains r.at if {
	some r in passages
	not r.server in hops.inner
	audiences.closed(admission(r.at, r.server, "allow"), admission(r.at, r.server, "deny"))
}

# admission: what allow or deny names. A location with one of either inherits none.
admission(at, _, name) := {s.args[0] | some s in own[at][name]} if has_list(at)

admission(at, server, name) := {s.args[0] | some s in above[server][name]} if not has_list(at)

has_list(at) if own[at].allow

has_list(at) if own[at].deny

# upgrading: the routes that let a connection become a WebSocket.
upgrading contains r.at if {
	some r in routes
	some h in headers[r.at].upgrade
	h.value != ""
}
