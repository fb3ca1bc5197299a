# What the access and error logs of an edge hold, and where they go.
package policies.lib.logs

import data.policies.lib.places

# formats[edge][name]: the log formats with the variables in them.
formats[record.target][setting.args[0]] contains {
	"variables": {match[1] | some arg in array.slice(setting.args, 1, count(setting.args)); some match in regex.find_all_string_submatch_n(`\$\{?([A-Za-z0-9_]+)`, arg, -1)},
	"source": setting.source,
} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name == "log_format"
	count(setting.args) > 1
}

written := formats

# predefined is the format that nginx uses where none is named.
predefined := {"remote_addr", "remote_user", "time_local", "request", "status", "body_bytes_sent", "http_referer", "http_user_agent"}

edge_of(server) := concat("/", array.slice(split(server, "/"), 0, 2))

# access: the access logs of the places that forward requests, and of their servers.
access contains {
	"edge": edge_of(l.server), "server": l.server, "place": l.place, "path": s.args[0], "format": format_name(s.args),
	"parameters": array.slice(s.args, 2, count(s.args)), "source": s.source,
} if {
	some l in places.forwarding
	some s in places.in_force(l.server, l.place, "access_log")
	count(s.args) > 0
}

format_name(args) := args[1] if {
	count(args) > 1
	not contains(args[1], "=")
} else := "combined"

# used[edge][format]: a place that logs in a format.
used[a.edge][a.format] contains a.source if {
	some a in access
	a.path != "off"
}

in_use := used

# variables[edge][format]: those of each format in use; a format that nobody wrote
# has none here.
variables := {edge: by_format |
	some edge, by_name in in_use
	by_format := {format: names |
		some format, _ in by_name
		known_format(edge, format)
		names := variables_of(edge, format)
	}
}

known_format(edge, format) if written[edge][format]

known_format(_, "combined")

variables_of(edge, format) := {v | some f in written[edge][format]; some v in f.variables} if written[edge][format]

variables_of(edge, "combined") := predefined if not written[edge].combined

# sources_of shows the format, or where it is asked for.
sources_of(edge, format) := [f.source | some f in written[edge][format]] if written[edge][format]

sources_of(edge, "combined") := [s | some s in in_use[edge].combined] if not written[edge].combined

# errors: the error logs of an edge, each with the block that it stands in. Logs of
# one block are written side by side.
errors contains {"edge": record.target, "block": "main", "path": setting.args[0], "level": level_of(setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "error_log"
	setting.source.origin.kind == "explicit"
	count(setting.args) > 0
}

errors contains {"edge": record.target, "block": "http", "path": setting.args[0], "level": level_of(setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name == "error_log"
	setting.source.origin.kind == "explicit"
	count(setting.args) > 0
}

errors contains {"edge": record.target, "block": server.subject, "path": setting.args[0], "level": level_of(setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "error_log"
	setting.source.origin.kind == "explicit"
	count(setting.args) > 0
}

errors contains {"edge": record.target, "block": block, "path": setting.args[0], "level": level_of(setting.args), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	block := sprintf("%s %s %s", [server.subject, location.modifier, location.path])
	some setting in location.settings
	setting.name == "error_log"
	setting.source.origin.kind == "explicit"
	count(setting.args) > 0
}

# Without a level nginx logs errors and what is worse.
level_of(args) := args[1] if count(args) > 1

level_of(args) := "error" if count(args) == 1

edges contains record.target if some record in input.nginxrules

record_sources := {record.target: record.source | some record in input.nginxrules}

# syslog_host is the receiver of a "syslog:server=..." log.
syslog_host(path) := regex.replace(parts[1], `:\d+$`, "") if {
	parts := regex.find_all_string_submatch_n(`^syslog:(?:.*,)?server=([^,]+)`, path, 1)[0]
}

# local holds for the host's own log daemon, which may forward what it gets.
local(host) if startswith(host, "unix:")

local(host) if regex.match(`^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$`, host)
