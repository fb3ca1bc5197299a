# The files that nginx's configuration names, as paths on the edge.
package policies.lib.server_files

# prefixes and folders: where an edge's nginx looks for logs and caches, and where
# for what the configuration names of certificates. One element, or none where it
# is not known.
prefixes := prefix_groups

prefix_groups[edge.subject] contains sprintf("/%s", [trim(edge.nginx.prefix, "/")]) if {
	some edge in input.site.edges
	edge.nginx.prefix != ""
}

prefix_groups[record.target] contains trim_suffix(flag.value, "/") if {
	some record in input.nginxrules
	some flag in record.program.arguments
	flag.name == "--prefix"
	not declared_prefix[record.target]
}

declared_prefix contains edge.subject if {
	some edge in input.site.edges
	edge.nginx.prefix != ""
}

folders := folder_groups

folder_groups[edge.subject] contains folder if {
	some edge in input.site.edges
	some prefix in prefixes[edge.subject]
	file := absolute(prefix, default_conf(edge.nginx.conf))
	folder := regex.replace(file, `/[^/]*$`, "")
}

default_conf("") := "conf/nginx.conf"

default_conf(conf) := conf if conf != ""

# absolute is a path as nginx resolves it.
absolute(folder, path) := sprintf("%s/%s", [folder, path]) if not startswith(path, "/")

absolute(_, path) := path if startswith(path, "/")

# keys[target]: certificates, keys and parameters.
keys := key_groups

key_groups[record.target] contains {"directive": setting.name, "path": absolute(folder, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name in key_directives
	is_file(setting.args[0], setting.has_variables)
	some folder in folders[record.target]
}

key_groups[record.target] contains {"directive": setting.name, "path": absolute(folder, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.name in key_directives
	is_file(setting.args[0], setting.has_variables)
	some folder in folders[record.target]
}

key_directives := {"ssl_certificate", "ssl_certificate_key", "ssl_dhparam", "proxy_ssl_certificate", "proxy_ssl_certificate_key"}

is_file(path, false) if not regex.match(`^(none|off|stderr|data:.*|engine:.*|store:.*|syslog:.*|memory:.*|\|.*|)$`, path)

# logs[target]: where access and errors are written.
logs := log_groups

log_groups[record.target] contains {"path": absolute(prefix, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some setting in array.concat(record.main, record.http)
	setting.name in {"access_log", "error_log"}
	setting.source.origin.kind in {"explicit", "inherited"}
	is_file(setting.args[0], setting.has_variables)
	some prefix in prefixes[record.target]
}

log_groups[record.target] contains {"path": absolute(prefix, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name in {"access_log", "error_log"}
	setting.source.origin.kind in {"explicit", "inherited"}
	is_file(setting.args[0], setting.has_variables)
	some prefix in prefixes[record.target]
}

# caches[target]: the folders of proxy_cache_path with their bound, and stores: those
# of every file that holds a part of a request or an answer.
caches := cache_groups

cache_groups[record.target] contains {"path": absolute(prefix, setting.args[0]), "args": setting.args, "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name == "proxy_cache_path"
	is_file(setting.args[0], setting.has_variables)
	some prefix in prefixes[record.target]
}

stores := store_groups

store_groups[record.target] contains {"path": absolute(prefix, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.http
	setting.name in {"proxy_cache_path", "proxy_temp_path", "client_body_temp_path"}
	setting.source.origin.kind == "explicit"
	is_file(setting.args[0], setting.has_variables)
	some prefix in prefixes[record.target]
}

# pids[target]: the file with the number of the process.
pids := pid_groups

pid_groups[record.target] contains {"path": absolute(prefix, setting.args[0]), "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "pid"
	setting.source.origin.kind == "explicit"
	some prefix in prefixes[record.target]
}

pid_groups[record.target] contains {"path": flag.value, "source": record.program.source} if {
	some record in input.nginxrules
	some flag in record.program.arguments
	flag.name == "--pid-path"
	not written_pid[record.target]
}

written_pid contains record.target if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "pid"
	setting.source.origin.kind == "explicit"
}

# accounts[target]: whom the workers run as.
accounts := account_groups

account_groups[record.target] contains {"name": setting.args[0], "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "user"
	setting.source.origin.kind == "explicit"
}

account_groups[record.target] contains {"name": flag.value, "source": record.program.source} if {
	some record in input.nginxrules
	some flag in record.program.arguments
	flag.name == "--user"
	not written_user[record.target]
}

# A build that was asked for no account uses nobody.
account_groups[record.target] contains {"name": "nobody", "source": record.program.source} if {
	some record in input.nginxrules
	record.program.complete
	not written_user[record.target]
	count([flag | some flag in record.program.arguments; flag.name == "--user"]) == 0
}

written_user contains record.target if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "user"
	setting.source.origin.kind == "explicit"
}
