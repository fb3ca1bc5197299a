# The edges of the two sides, which stand in for one another, and what each of
# them does on a port, apart from the names of hosts.
package policies.lib.sides

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

forwarding_ports[server.subject] contains listen.port if {
	some record in input.nginxrules
	some server in record.servers
	server.proxies
	some listen in server.listens
	not nginx.is_local(listen.loopback, listen.address)
}

ports_of := forwarding_ports

# ports[edge]: those on which the edge forwards.
ports[record.target] contains port if {
	some record in input.nginxrules
	some server in record.servers
	some port in ports_of[server.subject]
}

served := ports

# values[edge][port][aspect]: what is in force there, with its places.
values[record.target][port][setting.name] contains {"text": concat(" ", setting.args), "source": placed(setting.source.line, setting.source, server.source)} if {
	some record in input.nginxrules
	some server in record.servers
	some port in ports_of[server.subject]
	some setting in server.settings
	setting.name in compared
}

# A location is a rule of its own: that it is there, and what it does with a request.
values[record.target][port][aspect] contains {"text": does(count(location.forwards), {s.args[0] | some s in location.settings; s.name == "return"}), "source": location.source} if {
	some record in input.nginxrules
	some server in record.servers
	some port in ports_of[server.subject]
	some location in server.locations
	location["if"] == ""
	aspect := nginx.place_name(location.parent, location.modifier, location.path, "")
}

# A location's own limits.
values[record.target][port][aspect] contains {"text": concat(" ", setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some port in ports_of[server.subject]
	some location in server.locations
	location["if"] == ""
	some setting in location.settings
	setting.source.origin.kind == "explicit"
	setting.name in compared
	aspect := sprintf("%s in %s", [setting.name, nginx.place_name(location.parent, location.modifier, location.path, "")])
}

# Zones belong to the whole edge; port 0 stands for it.
values[record.target][0][aspect] contains {"text": concat(" ", array.slice(setting.args, 0, count(setting.args))), "source": setting.source} if {
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

does(forwards, _) := "forward" if forwards > 0

does(0, returns) := sprintf("return %s", [concat(",", returns)]) if count(returns) > 0

does(0, returns) := "serve" if count(returns) == 0

texts(edge, port, aspect) := {v.text | some v in in_force[edge][port][aspect]}
