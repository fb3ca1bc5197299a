# Directives that the configuration of an edge puts to use anywhere.
package policies.lib.usage

# used[edge][name]: where a directive is written with another value than off.
used[record.target][setting.name] contains setting.source if {
	some record in input.nginxrules
	some setting in record.main
	setting.source.origin.kind == "explicit"
	switched_on(setting.args)
}

used[record.target][setting.name] contains setting.source if {
	some record in input.nginxrules
	some setting in record.http
	setting.source.origin.kind == "explicit"
	switched_on(setting.args)
}

used[record.target][setting.name] contains setting.source if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.source.origin.kind == "explicit"
	switched_on(setting.args)
}

used[record.target][setting.name] contains setting.source if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.source.origin.kind == "explicit"
	switched_on(setting.args)
}

# "listen ... http2" is how the directive was written before it was one.
used[record.target].http2 contains listen.source if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	listen.http2
}

by_edge := used

switched_on(args) if count(args) == 0

switched_on(args) if args[0] != "off"

# modules[edge]: the modules that load_module loads, each with its line.
modules[record.target] contains {"module": module, "file": setting.args[0], "source": setting.source} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "load_module"
	module := regex.replace(regex.replace(setting.args[0], `^.*/`, ""), `^ngx_|_module\.so$|\.so$`, "")
}

loaded := modules
