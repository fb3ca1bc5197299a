# METADATA
# title: Lua code fetches lists from another host than the gate itself
# description: |-
#   The gate fetches the users and the open resources through itself, under its own name and port, so that the node
#   translates them. From anywhere else the lists are of another cluster, or do not come at all.
# custom:
#   severity: medium
#   fix: Let the code name a server of this gate that the map leads Finesse to.
#   controls: [XC-19]
#   bad: users_list_manager.start("https://saproxy.example:8445/finesse/api/Users")
#   good: users_list_manager.start("https://desk-a.agents.example:8445/finesse/api/Users")
package policies.xc.script_url_elsewhere

import data.policies.lib.nginx
import data.policies.lib.proxymap

# fetched: the addresses of lists that code of the gate writes out.
fetched contains {"edge": record.target, "host": url.host, "port": url.port, "path": url.path, "source": url.source} if {
	some record in input.nginxrules
	some lua in record.lua
	some url in lua.urls
	url.host != ""
	url.port > 0
	startswith(url.path, "/finesse/api/Users")
}

fetched contains {"edge": record.target, "host": url.host, "port": url.port, "path": url.path, "source": url.source} if {
	some record in input.nginxrules
	some lua in record.lua
	some url in lua.urls
	url.host != ""
	url.port > 0
	startswith(url.path, "/desktop/api/urls")
}

subjects contains record.target if some record in input.nginxrules

served(edge, host, port) if {
	some server in nginx.serving(host, port)
	startswith(server, sprintf("%s/", [edge]))
}

mapped(host, port) if proxymap.by_external[sprintf("%s:%d", [lower(host), port])]

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("Lua code fetches %s, which is no mapped server of this gate", [id[1]]),
	"sources": array.concat(places, [s | some s in proxymap.record_sources]),
} if {
	some id in {[f.edge, sprintf("%s:%d%s", [f.host, f.port, f.path])] | some f in fetched; not right(f.edge, f.host, f.port)}
	places := sort([f.source | some f in fetched; f.edge == id[0]; sprintf("%s:%d%s", [f.host, f.port, f.path]) == id[1]])
}

right(edge, host, port) if {
	served(edge, host, port)
	mapped(host, port)
}
