# The edges of the two sides, which stand in for one another, and what each of
# them does for the same requests, apart from the names of hosts.
package policies.lib.sides

import data.policies.lib.forwarding
import data.policies.lib.nginx

# pairs: each edge of side B with each of side A.
pairs contains {"a": a.subject, "b": b.subject, "a_name": a.name, "b_name": b.name} if {
	some a in input.site.edges
	a.side == "a"
	some b in input.site.edges
	b.side == "b"
}

# compared are the settings that both sides must share.
compared := {
	"ssl_protocols", "ssl_ciphers", "ssl_prefer_server_ciphers", "ssl_session_tickets", "ssl_stapling", "ssl_verify_client", "server_tokens",
	"client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout", "client_max_body_size", "client_header_buffer_size",
	"large_client_header_buffers", "limit_req", "limit_conn", "limit_req_status", "limit_conn_status", "limit_req_dry_run", "limit_conn_dry_run",
	"proxy_ssl_verify", "proxy_cache", "auth_request", "underscores_in_headers",
}

# shared[[port, name]]: the sides on which a server of that name forwards.
shared[[listen.port, lower(name.name)]] contains side_of[record.target] if {
	some record in input.nginxrules
	some server in record.servers
	server.proxies
	some listen in server.listens
	not nginx.is_local(listen.loopback, listen.address)
	some name in server.names
	name.kind == "exact"
}

side_of[edge.subject] := edge.side if some edge in input.site.edges

common[id] if {
	some id, sides in shared
	{"a", "b"} - sides == set()
}

# posts[server]: what the server is on its edge, so that its like on the other side is
# found: a name and port that both sides have, else a port and the products behind it.
posts[server.subject] contains sprintf("of %s:%d", [lower(name.name), listen.port]) if {
	some record in input.nginxrules
	some server in record.servers
	server.proxies
	some listen in server.listens
	not nginx.is_local(listen.loopback, listen.address)
	some name in server.names
	common[[listen.port, lower(name.name)]]
}

posts[server.subject] contains sprintf("on port %d to %s", [listen.port, products(server.subject)]) if {
	some record in input.nginxrules
	some server in record.servers
	server.proxies
	some listen in server.listens
	not nginx.is_local(listen.loopback, listen.address)
	count([1 | some name in server.names; common[[listen.port, lower(name.name)]]]) == 0
}

products(server) := concat(" and ", sort([role | some role in forwarding.offered[server]])) if forwarding.offered[server]

products(server) := "other hosts" if not forwarding.offered[server]

posts_of := posts

# served[edge]: the posts that the edge has.
at_posts[record.target] contains post if {
	some record in input.nginxrules
	some server in record.servers
	some post in posts_of[server.subject]
}

served := at_posts

# values[edge][post][aspect]: what is in force there, with its places.
values[record.target][post][setting.name] contains {"text": concat(" ", setting.args), "source": placed(setting.source.line, setting.source, server.source)} if {
	some record in input.nginxrules
	some server in record.servers
	some post in posts_of[server.subject]
	some setting in server.settings
	setting.name in compared
}

# A location is a rule of its own: that it is there, and what it does with a request.
values[record.target][post][aspect] contains {"text": does(count(location.forwards), {s.args[0] | some s in location.settings; s.name == "return"}), "source": location.source} if {
	some record in input.nginxrules
	some server in record.servers
	some post in posts_of[server.subject]
	some location in server.locations
	location["if"] == ""
	aspect := nginx.place_name(location.parent, location.modifier, location.path, "")
}

# A location's own limits.
values[record.target][post][aspect] contains {"text": concat(" ", setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some post in posts_of[server.subject]
	some location in server.locations
	location["if"] == ""
	some setting in location.settings
	setting.source.origin.kind == "explicit"
	setting.name in compared
	aspect := sprintf("%s in %s", [setting.name, nginx.place_name(location.parent, location.modifier, location.path, "")])
}

# Zones belong to the whole edge.
whole := "of the whole edge"

values[record.target][whole][aspect] contains {"text": concat(" ", setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name in {"limit_req_zone", "limit_conn_zone"}
	some arg in setting.args
	startswith(arg, "zone=")
	aspect := sprintf("%s %s", [setting.name, split(trim_prefix(arg, "zone="), ":")[0]])
}

in_force := values

placed(0, _, block) := block

placed(line, own, _) := own if line != 0

does(forwards, _) := "a location that forwards" if forwards > 0

does(0, returns) := sprintf("return %s", [concat(",", returns)]) if count(returns) > 0

does(0, returns) := "a location that serves" if count(returns) == 0

texts(edge, post, aspect) := {v.text | some v in in_force[edge][post][aspect]}
