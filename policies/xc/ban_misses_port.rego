# METADATA
# title: Ban leaves ports of the map open
# description: |-
#   A jail bans a client from the ports that it lists. On a port that is missing the same client goes on guessing, and the gate
#   answers each try.
# custom:
#   severity: medium
#   fix: List every external port of the map in the jail.
#   controls: [XC-25]
#   bad: port = http,https,8445   (8553 is mapped too)
#   good: port = http,https,8444,8445,8447,8553,12005,12008
package policies.xc.ban_misses_port

import data.policies.lib.bans
import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains target if {
	some target, _ in bans.jails
	count(proxymap.pairs) > 0
}

# served[edge]: the mapped ports that the edge listens on; of an edge whose sockets
# are not known, all.
served[target] contains {"port": pair.external_port, "source": source} if {
	some target, _ in bans.jails
	some pair in proxymap.pairs
	listens(target, pair.external_port)
	some source in pair.sources
}

listening[socket.target] contains socket.port if {
	some socket in nginx.sockets
	not socket.local
}

listens(target, port) if port in listening[target]

listens(target, _) if not listening[target]

banned[target] contains port if {
	some target, wanted in served
	some w in wanted
	port := w.port
	some jail in bans.jails[target]
	some range in jail.ports
	range.from <= port
	port <= range.to
}

unnamed[target] contains name if {
	some target, jails in bans.jails
	some jail in jails
	some name in jail.unknown_ports
}

is_banned(target, port) if port in banned[target]

line(target) := sprintf("port = http,https,%s", [concat(",", [sprintf("%d", [p]) | some p in sort({w.port | some w in served[target]})])])

missing[[target, w.port]] contains w.source if {
	some target, wanted in served
	some w in wanted
	not is_banned(target, w.port)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d", [id[1]]),
	"message": sprintf("[%s] bans from no list that holds port %d, which the map uses", [concat(", ", {jail.name | some jail in bans.jails[id[0]]}), id[1]]),
	"fix": line(id[0]),
	"sources": array.concat([jail.source | some jail in bans.jails[id[0]]], [s | some s in sources]),
} if {
	some id, sources in missing
	not unnamed[id[0]]
}

unsure contains {"subject": id[0], "reason": sprintf("port %d is in no list, but %s may stand for it", [id[1], concat(", ", unnamed[id[0]])])} if {
	some id, _ in missing
	unnamed[id[0]]
}
