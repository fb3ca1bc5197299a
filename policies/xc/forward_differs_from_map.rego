# METADATA
# title: Server forwards elsewhere than the map says
# description: |-
#   Nodes translate names by the map, the gate forwards by its own files. When the two differ, an agent's session
#   crosses between nodes, or a node is reached that was never meant to be.
# custom:
#   severity: high
#   fix: Let proxy_pass name the internal endpoint that the map gives for this server's name and port.
#   controls: [XC-03]
#   bad: "fin-a.corp.example:8445=desk-a.agents.example:8445   # proxy_pass https://fin-b.corp.example:8445;"
#   good: "proxy_pass https://fin-a.corp.example:8445;"
package policies.xc.forward_differs_from_map

import data.policies.lib.hops
import data.policies.lib.inventory
import data.policies.lib.nginx
import data.policies.lib.proxymap

# expected[server]: the internal endpoints of the map entries that lead to it.
expected[server] contains pair.internal_id if {
	some pair in proxymap.pairs
	some server in nginx.serving(pair.external.host, pair.external_port)
}

expectations := expected

entries[server] contains source if {
	some pair in proxymap.pairs
	some server in nginx.serving(pair.external.host, pair.external_port)
	some source in pair.sources
}

entry_sources := entries

subjects contains subject if {
	some subject, _ in expectations
	nginx.servers[subject].proxies
}

# first[server]: where clients came in whose requests get to a server, which may be
# another one of the same gate.
first[server] contains subject if {
	some subject in subjects
	some server in hops.through(subject)
}

came := first

# An address in the configuration means the node that has it.
names(host) := inventory.host_of[lower(host)]

names(host) := {lower(host)} if not inventory.host_of[lower(host)]

# questions: where a server asks about a request before it forwards that. Nobody
# else gets to an internal location of that path.
questions[server.subject] contains setting.args[0] if {
	some record in input.nginxrules
	some server in record.servers
	some place in array.concat([server.settings], [l.settings | some l in server.locations])
	some setting in place
	setting.name == "auth_request"
}

asked(server, true, path) if path in questions[server]

forwards contains {"server": subject, "host": f.host, "port": f.port, "ids": ids, "source": f.source} if {
	some record in input.nginxrules
	some server in record.servers
	some subject in came[server.subject]
	some location in server.locations
	not asked(server.subject, location.internal, location.path)
	some f in location.forwards
	not f.computed
	not hops.stays(record.target, lower(f.host), f.port)
	ids := {sprintf("%s:%d", [name, f.port]) | some name in names(f.host)}
}

stray[[f.server, sprintf("%s:%d", [lower(f.host), f.port])]] contains f.source if {
	some f in forwards
	count(f.ids & expectations[f.server]) == 0
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("requests go to %s; the map says %s", [id[1], concat(", ", expectations[id[0]])]),
	"sources": array.concat([s | some s in sources], [s | some s in entry_sources[id[0]]]),
} if {
	some id, sources in stray
}

reached[f.server] contains id if {
	some f in forwards
	some id in f.ids
}

reaches := reached

computing contains subject if {
	some record in input.nginxrules
	some server in record.servers
	some subject in came[server.subject]
	some location in server.locations
	some f in location.forwards
	f.computed
}

unsure contains {"subject": subject, "reason": "where requests go is computed for each of them"} if {
	some subject in subjects
	subject in computing
}

findings contains {
	"subject": subject,
	"key": sprintf("unreached %s", [id]),
	"message": sprintf("the map leads %s here, but no request is forwarded to it", [id]),
	"sources": array.concat([nginx.servers[subject].source], [s | some s in entry_sources[subject]]),
} if {
	some subject in subjects
	not subject in computing
	some id in expectations[subject]
	not id in reach_of(subject)
}

reach_of(subject) := reaches[subject]

reach_of(subject) := set() if not reaches[subject]
