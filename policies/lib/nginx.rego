# Indexes over the effective nginx configuration. Everything is built once and
# looked up by key, so that the cost of a rule stays linear in the evidence.
package policies.lib.nginx

# servers: every server block by its subject.
servers := {server.subject: server |
	some record in input.nginxrules
	some server in record.servers
}

# settings[server][name]: what is in effect at the level of the server block.
# A setting of its own or an outer block keeps its place; a default has none, so
# it takes the place of the server block.
# Where a block sets a directive twice, which nginx refuses, the first one stands.
settings := {server: firsts |
	some server, by_name in setting_groups
	firsts := {name: first |
		some name, all_of_name in by_name
		place := min({[s.source.artifact, s.source.line, s.source.column] | some s in all_of_name})
		first := {s | some s in all_of_name; [s.source.artifact, s.source.line, s.source.column] == place}
	}
}

setting_groups[server.subject][setting.name] contains {
	"args": setting.args, "amount": setting.amount, "has_variables": setting.has_variables,
	"origin": setting.source.origin.kind, "version": setting.source.origin.version, "source": setting.source,
} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.source.artifact != ""
}

setting_groups[server.subject][setting.name] contains {
	"args": setting.args, "amount": setting.amount, "has_variables": setting.has_variables,
	"origin": setting.source.origin.kind, "version": setting.source.origin.version, "source": server.source,
} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.source.artifact == ""
}

# overrides[name][server][place]: what locations set themselves, place naming
# the location in the words of the configuration.
overrides := override_groups

override_groups[setting.name][server.subject][place] contains {"args": setting.args, "amount": setting.amount, "has_variables": setting.has_variables, "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.source.origin.kind == "explicit"
	place := place_name(location.parent, location.modifier, location.path, location["if"])
}

modifier_text := {"prefix": "", "exact": "= ", "prefix_no_regex": "^~ ", "regex": "~ ", "regex_fold": "~* ", "named": ""}

# place_name is how messages and keys call a location: stable under edits.
place_name(parent, modifier, path, condition) := sprintf("%slocation %s%s%s", [outer_text(parent), modifier_text[modifier], path, condition_text(condition)]) if {
	path != ""
}

place_name(_, _, path, condition) := sprintf("server%s", [condition_text(condition)]) if path == ""

outer_text(parent) := "" if parent == ""

outer_text(parent) := sprintf("location %s > ", [parent]) if parent != ""

condition_text(condition) := "" if condition == ""

condition_text(condition) := sprintf(" if (%s)", [condition]) if condition != ""

# sockets: every TCP address and port, with a subject of its own. Unix sockets
# count as loopback: nobody outside the host reaches them.
sockets := [socket |
	some record in input.nginxrules
	some s in record.sockets
	socket := {
		"subject": socket_subject(record.target, s.address, s.port),
		"target": record.target, "name": sprintf("%s:%d", [s.address, s.port]),
		"address": s.address, "port": s.port, "tls": s.tls, "local": is_local(s.loopback, s.address),
		"servers": s.servers, "default": s["default"], "explicit_default": s.explicit_default, "source": s.source,
	}
]

socket_subject(target, address, port) := sprintf("%s/listener/%s:%d", [target, replace(replace(address, "%", "%25"), "/", "%2F"), port])

is_local(loopback, address) := is_true([loopback, startswith(address, "unix:")])

is_true(list) := true in list

# tls_servers: the servers that can be chosen on a TLS socket that others reach.
tls_servers contains subject if {
	some socket in sockets
	socket.tls
	not socket.local
	some subject in socket.servers
}

# exposed_servers: the servers on any socket that others reach.
exposed_servers contains subject if {
	some socket in sockets
	not socket.local
	some subject in socket.servers
}

# socket_defaults: the servers that answer for unknown names somewhere.
socket_defaults contains socket["default"] if {
	some socket in sockets
	not socket.local
}

# default_ports: those servers with the ports where they do.
default_ports contains [socket["default"], socket.port] if {
	some socket in sockets
	not socket.local
}

# catching: servers that others reach and that forward for names which they do not list.
catching contains subject if {
	some subject in exposed_servers
	servers[subject].proxies
	some name in servers[subject].names
	name.kind in {"leading_wildcard", "trailing_wildcard", "dot", "empty"}
}

# scripted: servers with a Lua handler that may decide about a request before
# any content is served.
scripted contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	is_decision_script(setting.name)
}

is_decision_script(name) if regex.match(`^(server_rewrite|rewrite|access|ssl_client_hello|ssl_certificate)_by_lua(_block|_file)?$`, name)

# named[port][name]: the servers with an exact name on a port, names in lower case.
named := name_groups

name_groups[listen.port][lower(name.name)] contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	not is_local(listen.loopback, listen.address)
	some name in server.names
	name.kind == "exact"
}

# exact_names: every exact name of any server in lower case, with its spellings.
exact_names[lower(name.name)] contains name.name if {
	some record in input.nginxrules
	some server in record.servers
	some name in server.names
	name.kind == "exact"
}

spellings := exact_names

# suffixes[port]: the endings that wildcard names on a port cover.
suffixes := suffix_groups

suffix_groups[listen.port] contains {"suffix": lower(trim_prefix(name.name, "*")), "server": server.subject} if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	not is_local(listen.loopback, listen.address)
	some name in server.names
	name.kind in {"leading_wildcard", "dot"}
}

# regex_ports: the ports on which a regular expression chooses servers, so that
# no list of names is complete there.
regex_ports contains listen.port if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	not is_local(listen.loopback, listen.address)
	some name in server.names
	name.kind in {"regex", "trailing_wildcard"}
}

# serving finds the servers that a host and port lead to, in nginx's order.
serving(host, port) := named[port][lower(host)]

serving(host, port) := subjects if {
	not named[port][lower(host)]
	subjects := {s.server | some s in suffixes[port]; suffix_covers(s.suffix, lower(host))}
	count(subjects) > 0
}

suffix_covers(suffix, host) if endswith(host, suffix)

suffix_covers(suffix, host) if trim_prefix(suffix, ".") == host

# unread_edges: declared edges without a record, whose servers nobody knows.
read_targets contains record.target if some record in input.nginxrules

unread_edges contains edge.subject if {
	some edge in input.site.edges
	not edge.subject in read_targets
}

record_sources contains record.source if some record in input.nginxrules
