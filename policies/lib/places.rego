# The places where an edge answers: each server block that others reach, and each
# location in it, with the directives in force there. What a location does not say
# holds from the location around it, and then from its server.
package policies.lib.places

import data.policies.lib.hops
import data.policies.lib.nginx

# Directives that rules ask for place by place.
wanted := {
	"error_page", "access_log", "error_log", "gzip", "root", "alias", "try_files", "proxy_cache", "proxy_cache_revalidate", "proxy_cache_lock",
	"proxy_cache_valid", "proxy_cache_key", "proxy_cache_methods", "proxy_ignore_headers", "proxy_intercept_errors",
}

# at_server[server][name]: every directive of a name in force in the server block.
at_server[server.subject][setting.name] contains {
	"args": setting.args, "has_variables": setting.has_variables, "origin": setting.source.origin.kind,
	"source": written(setting.source.line, setting.source, server.source),
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some setting in server.settings
	setting.name in wanted
}

# A default stands nowhere, so the server block takes its place.
written(0, _, block) := block

written(line, own, _) := own if line != 0

of_server := at_server

# at_location[[server, place]][name]: those that the location sets, or one around it.
at_location[[server.subject, place]][setting.name] contains {"args": setting.args, "has_variables": setting.has_variables, "origin": setting.source.origin.kind, "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some location in server.locations
	some setting in location.settings
	setting.name in wanted
	place := nginx.place_name(location.parent, location.modifier, location.path, location["if"])
}

of_location := at_location

# in_force finds the directives of a name that hold in a place.
in_force(server, place, name) := of_location[[server, place]][name]

in_force(server, place, name) := of_server[server][name] if not of_location[[server, place]][name]

# locations: the blocks that requests end in, with what is done there.
locations contains {
	"server": server.subject, "place": nginx.place_name(location.parent, location.modifier, location.path, location["if"]),
	"path": location.path, "modifier": location.modifier, "forwards": count(location.forwards) > 0, "source": location.source,
	"handler": handler(count(location.forwards), {s.name | some s in location.settings; s.source.origin.kind == "explicit"}),
	"refuses": refuses(firsts.return, firsts.deny, firsts.allow),
} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some location in server.locations
	location["if"] == ""
	not location.internal
	location.modifier != "named"
	firsts := {name: {s.args[0] | some s in location.settings; s.name == name} | some name in {"return", "deny", "allow"}}
}

# handler is what answers: an upstream, nginx itself, a script, or files.
handler(forwards, _) := "upstream" if forwards > 0

handler(0, names) := "itself" if count(names & {"return", "stub_status", "empty_gif", "rewrite"}) > 0

handler(0, names) := "script" if {
	count(names & {"return", "stub_status", "empty_gif", "rewrite"}) == 0
	count(names & {"content_by_lua_block", "content_by_lua_file", "content_by_lua", "js_content", "perl"}) > 0
}

handler(0, names) := "files" if count(names & {"return", "stub_status", "empty_gif", "rewrite", "content_by_lua_block", "content_by_lua_file", "content_by_lua", "js_content", "perl"}) == 0

refuses(returns, denied, allowed) if refusing(returns, denied, allowed)

refuses(returns, denied, allowed) := false if not refusing(returns, denied, allowed)

refusing(returns, _, _) if {
	some status in returns
	regex.match(`^[45]\d\d$`, status)
}

refusing(_, denied, allowed) if {
	"all" in denied
	count(allowed) == 0
}

# forwarding: the locations that pass requests on.
forwarding := {l | some l in locations; l.forwards}

# status_blocks: servers whose block itself answers every request by "return".
closed_servers contains subject if {
	some subject in hops.reached
	some setting in nginx.settings[subject].return
	regex.match(`^([45]\d\d|3\d\d|https?:.*)$`, setting.args[0])
}

# roots: servers with a location for every path.
whole contains l.server if {
	some l in locations
	l.path == "/"
	l.modifier in {"prefix", "prefix_no_regex"}
}

# file_places[server]: the places that answer with files of the edge itself.
file_places[l.server] contains {"place": l.place, "path": l.path, "source": l.source} if {
	some l in locations
	l.handler == "files"
	not l.refuses
	not l.server in closed_servers
}

# Without a location for all paths, the rest is looked up below the root.
file_places[subject] contains {"place": "server", "path": "/", "source": nginx.servers[subject].source} if {
	some subject in hops.reached
	not subject in whole
	not subject in closed_servers
	not rejecting(subject)
}

files := file_places

rejecting(subject) if {
	some setting in nginx.settings[subject].ssl_reject_handshake
	setting.args[0] == "on"
}
