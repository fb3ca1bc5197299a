# METADATA
# title: Packet limits of an exposed port differ from the published ones
# description: |-
#   Nodes exempt the gate from their own limits, so these rules are what stands between a flood and the contact center.
#   Too tight they lock out agents, too loose they stop nobody, and a shared bucket lets one port starve another.
# custom:
#   severity: medium
#   fix: Write for each exposed port a connlimit DROP and then a hashlimit ACCEPT with the profile's numbers and a hashlimit name of its own.
#   controls: [RATE-08, RATE-07, XC-05]
#   bad: -A INPUT -p tcp --dport 8445 -j ACCEPT
#   good: |-
#     -A INPUT -p tcp --dport 8445 --tcp-flags SYN SYN -m connlimit --connlimit-above 10 -j DROP
#     -A INPUT -p tcp --dport 8445 --tcp-flags SYN SYN -m hashlimit --hashlimit-upto 6/sec --hashlimit-burst 8 --hashlimit-mode srcip,dstport --hashlimit-name TCP_8445_DOS -j ACCEPT
package policies.rate.packet_limit_differs

import data.policies.lib.nginx
import data.policies.lib.packet_words
import data.policies.lib.packets
import data.policies.lib.proxymap

filtering contains record.target if some record in input.iptables

# exposed[edge port]: the map entries that lead to a port of an edge.
exposed[[edge, pair.external_port]] contains pair if {
	some pair in proxymap.pairs
	some server in nginx.serving(pair.external.host, pair.external_port)
	parts := split(server, "/")
	edge := sprintf("%s/%s", [parts[0], parts[1]])
	edge in filtering
}

subjects contains id[0] if some id, _ in exposed

# A profile that lists a port twice does not load; here the last one would hold.
published := {limit.port: limit |
	some i, limit in input.profile.parameters.packet_limits
	every j, other in input.profile.parameters.packet_limits {
		stands_back(j, other.port, i, limit.port)
	}
}

stands_back(j, _, i, _) if j <= i

stands_back(j, port, i, other) if {
	j > i
	port != other
}

# limit_port: the port whose limits hold for what listens inside. CUIC and Live Data
# share one from 12.6(2) on and keep the limits of those that they had; Cloud Connect
# and the chat of Unified CCX have theirs under the port that they show outside.
limit_port(host, inside, _) := max(ports) if {
	ports := {own_ports[role].port | some role in roles[host]; goes_by(own_ports[role].shared, inside)}
	count(ports) > 0
}

limit_port(host, _, outside) := outside if "socialminer" in roles[host]

limit_port(host, inside, _) := inside if {
	not shown_elsewhere(host, inside)
	published[inside]
}

limit_port(host, inside, outside) := outside if {
	not shown_elsewhere(host, inside)
	not published[inside]
	published[outside]
}

own_ports[p.role] := p if some p in input.profile.parameters.packet_limit_ports

goes_by(false, _)

goes_by(true, inside) if inside == input.profile.parameters.vos.shared_port

shown_elsewhere(host, _) if "socialminer" in roles[host]

shown_elsewhere(host, inside) if {
	some role in roles[host]
	goes_by(own_ports[role].shared, inside)
}

roles[lower(node.host)] contains node.role if some node in input.site.nodes

# wanted[edge port]: the span that each number must lie in. One component has
# its published numbers. Several on one port have at least those of the most
# generous, and at most their sum or thrice the most generous.
wanted := {id: span |
	some id, pairs in exposed
	limits := {{"as": port, "limit": published[port], "internal": pair.internal_port} |
		some pair in pairs
		port := limit_port(lower(pair.internal.host), pair.internal_port, pair.external_port)
	}
	count(limits) > 0
	several := count({l.internal | some l in limits}) > 1
	span := {
		"connections": bounds(several, [l.limit.connections | some l in limits]),
		"rate": bounds(several, [l.limit.rate | some l in limits]),
		"burst": bounds(several, [l.limit.burst | some l in limits]),
	}
}

bounds(false, numbers) := {"from": min(numbers), "to": max(numbers)}

bounds(true, numbers) := {"from": max(numbers), "to": max([sum(numbers), 3 * max(numbers)])}

within(n, from, to) if {
	n >= from
	n <= to
}

map_sources := {id: [s | some p in pairs; some s in p.sources] | some id, pairs in exposed}

input_chain(edge) := packets.chain_id(edge, "ipv4", "INPUT")

# concerned: the rules of INPUT that can match new connections to an exposed port.
concerned contains {"id": id, "rule": rule} if {
	some id, _ in wanted
	some rule in packets.by_port[[input_chain(id[0]), id[1]]]
	not inner_only(id[0], rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
}

concerned contains {"id": id, "rule": rule} if {
	some id, _ in wanted
	some rule in packets.wide[input_chain(id[0])]
	reaches(id[1], rule.dest_ports.set, rule.dest_ports.negated, [r.from | some r in rule.dest_ports.ranges], [r.to | some r in rule.dest_ports.ranges])
	not inner_only(id[0], rule.in_interface.set, rule.in_interface.negated, rule.in_interface.values)
}

inner_only(edge, true, false, values) if {
	every name in values {
		name in {"lo", packets.internal_interface[edge]}
	}
}

inner_only(_, true, false, ["lo"])

reaches(_, false, _, _, _)

reaches(port, true, false, froms, tos) if {
	some i, from in froms
	packets.covers(from, tos[i], port)
}

reaches(port, true, true, froms, tos) if {
	hit := [i | some i, from in froms; packets.covers(from, tos[i], port)]
	count(hit) == 0
}

for_tcp(false, _, _)

for_tcp(true, false, values) if "tcp" in values

connection_rules[c.id] contains {"count": c.rule.conn_limit.count, "mask": c.rule.conn_limit.mask, "source": c.rule.source} if {
	some c in concerned
	c.rule.verdict in {"DROP", "REJECT"}
	c.rule.conn_limit.set
	c.rule.conn_limit.above
	for_tcp(c.rule.protocol.set, c.rule.protocol.negated, c.rule.protocol.values)
}

connections := connection_rules

# A rate is kept either by accepting up to it, or by dropping above it.
rate_rules[c.id] contains {"rate": (c.rule.hash_limit.rate * 1000) / c.rule.hash_limit.per, "burst": c.rule.hash_limit.burst, "mode": c.rule.hash_limit.mode, "source": c.rule.source} if {
	some c in concerned
	c.rule.hash_limit.set
	c.rule.hash_limit.per > 0
	keeps(c.rule.verdict, c.rule.hash_limit.above)
	for_tcp(c.rule.protocol.set, c.rule.protocol.negated, c.rule.protocol.values)
}

rates := rate_rules

keeps("ACCEPT", false)

keeps("DROP", true)

keeps("REJECT", true)

accepted contains c.id if {
	some c in concerned
	c.rule.verdict == "ACCEPT"
	packets.takes_new(c.rule.states.set, c.rule.states.negated, c.rule.states.values)
	for_tcp(c.rule.protocol.set, c.rule.protocol.negated, c.rule.protocol.values)
}

accepted contains id if {
	some id, _ in wanted
	packets.endings[input_chain(id[0])].verdict == "ACCEPT"
}

# clouded: ports whose rules are not all understood.
clouded contains id if {
	some id, _ in wanted
	packets.opaque_chains[input_chain(id[0])]
}

clouded contains id if {
	some id, _ in wanted
	packets.strange_targets[input_chain(id[0])]
}

clouded contains c.id if {
	some c in concerned
	c.rule.verdict != "LOG"
	count(c.rule.unmodelled) > 0
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d no connection limit", [id[1]]),
	"message": sprintf("port %d has no limit of parallel connections", [id[1]]),
	"sources": array.concat([packets.chains[input_chain(id[0])].source], map_sources[id]),
} if {
	some id in accepted
	not connections[id]
	not id in clouded
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d no rate limit", [id[1]]),
	"message": sprintf("port %d has no limit of new connections", [id[1]]),
	"sources": array.concat([packets.chains[input_chain(id[0])].source], map_sources[id]),
} if {
	some id in accepted
	not rates[id]
	not id in clouded
}

# differences: numbers outside of their span, with the rule that sets them.
differences[[id, "parallel connections", limit.count]] contains limit.source if {
	some id, limits in connections
	some limit in limits
	not within(limit.count, wanted[id].connections.from, wanted[id].connections.to)
}

differences[[id, "new connections a second", limit.rate]] contains limit.source if {
	some id, limits in rates
	some limit in limits
	not within(limit.rate, wanted[id].rate.from, wanted[id].rate.to)
}

differences[[id, "burst", limit.burst]] contains limit.source if {
	some id, limits in rates
	some limit in limits
	not within(limit.burst, wanted[id].burst.from, wanted[id].burst.to)
}

span_of := {"parallel connections": "connections", "new connections a second": "rate", "burst": "burst"}

findings contains {
	"subject": d[0][0],
	"key": sprintf("%d %s", [d[0][1], d[1]]),
	"message": sprintf("port %d: %s %s; published %s", [d[0][1], d[1], concat(", ", values), span_words(span.from, span.to)]),
	"sources": array.concat([s | some s in sources], map_sources[d[0]]),
} if {
	some d in {[id[0], id[1]] | some id, _ in differences}
	values := {sprintf("%v", [id[2]]) | some id, _ in differences; id[0] == d[0]; id[1] == d[1]}
	sources := {s | some id, places in differences; id[0] == d[0]; id[1] == d[1]; some s in places}
	span := wanted[d[0]][span_of[d[1]]]
}

span_words(from, to) := sprintf("%d", [from]) if from == to

span_words(from, to) := sprintf("%d to %d", [from, to]) if from != to

findings contains {
	"subject": id[0],
	"key": sprintf("%d mask", [id[1]]),
	"message": sprintf("port %d: parallel connections are counted for networks of /%d, not for each address", [id[1], limit.mask]),
	"sources": array.concat([limit.source], map_sources[id]),
} if {
	some id, limits in connections
	masked := sort([l | some l in limits; not l.mask in {-1, 32}])
	limit := masked[0]
}

# An accepting rule without limit makes those beside it idle.
unlimited[c.id] contains c.rule.source if {
	some c in concerned
	rates[c.id]
	c.rule.verdict == "ACCEPT"
	not c.rule.hash_limit.set
	packets.takes_new(c.rule.states.set, c.rule.states.negated, c.rule.states.values)
	for_tcp(c.rule.protocol.set, c.rule.protocol.negated, c.rule.protocol.values)
	packets.anywhere(c.rule.source_net.set, c.rule.source_net.negated, c.rule.source_net.values)
	count(c.rule.unmodelled) == 0
	not c.id in dropping
}

dropping contains c.id if {
	some c in concerned
	c.rule.hash_limit.set
	c.rule.hash_limit.above
	c.rule.verdict in {"DROP", "REJECT"}
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d unlimited", [id[1]]),
	"message": sprintf("port %d is also accepted by a rule without limit", [id[1]]),
	"sources": array.concat([s | some s in sources], map_sources[id]),
} if {
	some id, sources in unlimited
}

# buckets: which ports each hashlimit name serves.
buckets[[record.target, record.family, rule.hash_limit.name]] contains {"ports": packet_words.range_words(rule.dest_ports.ranges), "source": rule.source} if {
	some record in input.iptables
	record.target in subjects
	some rule in record.rules
	rule.table == "filter"
	rule.hash_limit.set
	rule.hash_limit.name != ""
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s bucket %s", [id[1], id[2]]),
	"message": sprintf("the hashlimit name %s is used for ports %s", [id[2], concat(" and ", ports)]),
	"sources": [u.source | some u in uses],
} if {
	some id, uses in buckets
	ports := {u.ports | some u in uses}
	count(ports) > 1
}

unsure contains {"subject": id[0], "reason": sprintf("the profile has no packet limits for what port %d leads to", [id[1]])} if {
	some id, _ in exposed
	not wanted[id]
}

unsure contains {"subject": id[0], "reason": sprintf("no rule accepts the mapped port %d", [id[1]])} if {
	some id, _ in wanted
	not id in accepted
}

unsure contains {"subject": id[0], "reason": sprintf("rules for port %d have matches or chains that are not followed", [id[1]])} if {
	some id in clouded
}
