# METADATA
# title: Node holds another map than the master
# description: |-
#   Each node keeps a copy of the map and answers by it. A copy that is old, or comes from elsewhere, hands out names that
#   the gate no longer serves, on this node only and so after a failover only.
# custom:
#   severity: high
#   fix: See that the node loads the master (config-uri list), then restart the Web Proxy Service, and compare again.
#   controls: [VOS-06, XC-29]
#   bad: |-
#     admin:utils system reverse-proxy show-proxy-config-map
#     fin-a.corp.example:8445=old-desk.agents.example:8445
#   good: |-
#     admin:utils system reverse-proxy show-proxy-config-map
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.xc.map_copy_differs

import data.policies.lib.gated
import data.policies.lib.proxymap

subjects contains node.target if some node in gated.nodes

# lines[text]: the places of each line of the master, folded and with ports.
lines[line_of(pair.internal_id, pair.external_id)] contains source if {
	some pair in proxymap.pairs
	some source in pair.sources
}

line_of(internal, external) := sprintf("%s=%s", [internal, external])

master := lines

copies[node.target] contains {"line": line_of(id(e.internal.host, e.internal.port, e.internal.has_port), id(e.external.host, e.external.port, e.external.has_port)), "source": e.source} if {
	some node in gated.nodes
	some e in node.proxy_map.entries
}

id(host, port, has_port) := proxymap.endpoint_id(host, port, has_port)

copied := copies

held(target) := {c.line | some c in copied[target]} if copied[target]

held(target) := set() if not copied[target]

# A line that a terminal broke may be the one that seems to be missing.
broken contains node.target if {
	some node in gated.nodes
	some problem in node.proxy_map.problems
	problem.kind == "broken_line"
}

fix := sprintf("Compare utils system reverse-proxy config-uri list with the master's place, then run utils service restart %s on the node.", [input.profile.parameters.vos.proxy_service])

findings contains {
	"subject": node.target,
	"key": sprintf("missing %s", [line]),
	"message": sprintf("the node's copy of the map lacks %s", [line]),
	"fix": fix,
	"sources": array.concat([node.proxy_map.source], [s | some s in master[line]]),
} if {
	some node in gated.nodes
	node.proxy_map.known
	not node.target in broken
	own := held(node.target)
	some line, _ in master
	not line in own
}

extra[[node.target, c.line]] contains c.source if {
	count(proxymap.record_sources) > 0
	some node in gated.nodes
	node.proxy_map.known
	some c in copied[node.target]
	not master[c.line]
}

findings contains {
	"subject": found[0],
	"key": sprintf("extra %s", [found[1]]),
	"message": sprintf("the node's copy of the map has %s, which the master has not", [found[1]]),
	"fix": fix,
	"sources": array.concat([s | some s in sources], [s | some s in proxymap.record_sources]),
} if {
	some found, sources in extra
}

unsure contains {"subject": node.target, "reason": "the node's copy of the map is not known"} if {
	some node in gated.nodes
	not node.proxy_map.known
}

unsure contains {"subject": target, "reason": "the terminal broke lines of the node's copy of the map"} if some target in broken
