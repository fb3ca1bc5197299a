# Which header of a request decides, in nginx's own words, whether a server refuses it.
# Only a condition that refuses what it does not know is a filter: a list of known
# bad clients lets everybody else in.
package policies.lib.filters

import data.policies.lib.forwarding
import data.policies.lib.hops
import data.policies.lib.nginx

# conditions: the "if" blocks that refuse, with the place that they hold for.
conditions contains {"edge": record.target, "server": server.subject, "text": lower(location["if"]), "path": location.path} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in hops.reached
	some location in server.locations
	location["if"] != ""
	refuses(concat(" ", [s.name | some s in location.settings]))
}

refuses(names) if contains(names, "return")

refuses(names) if contains(names, "deny")

# by_default[edge][variable][header]: what a map makes of a header that it does not know.
by_default[record.target][lower(sprintf("$%s", [trim_prefix(map.variable, "$")]))][lower(map.input)] contains value if {
	some record in input.nginxrules
	some map in record.maps
	values := [lower(e.value) | some e in map.entries; e.key == "default"]
	value := concat("", array.slice(values, 0, 1))
}

# words of a condition: variable, operator, operand.
words[condition] := regex.split(` +`, condition.text) if some condition in conditions

# strict[header]: the conditions that refuse an unknown value of the header.
strict[words[condition][0]] contains condition if {
	some condition in conditions
	words[condition][1] in {"!~", "!~*", "!="}
}

strict[header] contains condition if {
	some condition in conditions
	some header, values in by_default[condition.edge][words[condition][0]]
	some value in values
	holds(value, concat(" ", array.slice(words[condition], 1, 2)), concat(" ", array.slice(words[condition], 2, 9)))
}

strict["$http_referer"] contains condition if {
	some condition in conditions
	condition.text == "$invalid_referer"
	nginx.settings[condition.server].valid_referers
}

holds(value, "", _) if not value in {"", "0"}

holds(value, "=", operand) if value == operand

holds(value, "!=", operand) if value != operand

# open[header]: the conditions on the header whose outcome for an unknown value is not
# followed: a pattern on what a map gives.
open[header] contains condition if {
	some condition in conditions
	some header, _ in by_default[condition.edge][words[condition][0]]
	words[condition][1] in {"~", "~*", "!~", "!~*"}
}

# referer and user_agent: the servers that refuse by the header, themselves or before a
# request gets to them. Those of untold may do so, in some locations only or in a way that
# is not followed.
referer contains server if some server in referer_own

referer contains server if {
	some server in hops.inner
	not server in unrefused
}

unrefused := hops.beyond({h.at | some first in referer_own; some h in hops.from[first]})

referer_own contains condition.server if {
	some condition in strict["$http_referer"]
	condition.path == ""
}

user_agent contains server if some server in user_agent_own

user_agent contains server if {
	some server in hops.inner
	not server in unnamed
}

unnamed := hops.beyond({h.at | some first in user_agent_own; some h in hops.from[first]})

user_agent_own contains condition.server if {
	some condition in strict["$http_user_agent"]
	condition.path == ""
}

untold contains [condition.server, header] if {
	some header, list in strict
	some condition in list
}

untold contains [condition.server, header] if {
	some header, list in open
	some condition in list
}

# scripted: the servers whose Lua code may do it.
scripted contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.scripted
}
