# Which header of a request decides, in nginx's own words, whether a server refuses it.
package policies.lib.filters

import data.policies.lib.forwarding
import data.policies.lib.nginx

# conditions[server]: the conditions of "if" blocks at server level or in locations.
conditions[server.subject] contains {"text": location["if"], "source": location.source} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in forwarding.servers
	some location in server.locations
	location["if"] != ""
	refuses(concat(" ", [s.name | some s in location.settings]))
}

refuses(names) if contains(names, "return")

refuses(names) if contains(names, "deny")

# derived: the variables that a map makes of another one.
derived contains {"from": lower(map.input), "variable": sprintf("$%s", [trim_prefix(map.variable, "$")])} if {
	some record in input.nginxrules
	some map in record.maps
}

# referer and user_agent: the servers that refuse by the header, and where.
referer contains server if some server in deciding("$http_referer")

referer contains server if {
	some server, all_of_server in conditions
	nginx.settings[server].valid_referers
	some condition in all_of_server
	contains(condition.text, "$invalid_referer")
}

user_agent contains server if some server in deciding("$http_user_agent")

deciding(header) := {server |
	some server, all_of_server in conditions
	some condition in all_of_server
	some variable in variables_of(header)
	regex.match(sprintf(`\%s([^a-z0-9_]|$)`, [variable]), lower(condition.text))
}

variables_of(header) := {header} | {d.variable |
	some d in derived
	d.from == header
}

# scripted: the servers whose Lua code may do it.
scripted contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.scripted
}
