# METADATA
# title: Live Data fails over to what the map does not name
# description: |-
#   When a Live Data node is down, the gate tells reports to go to the other side. An address that the map does not
#   lead there leaves all supervisors with empty reports just then.
# custom:
#   severity: medium
#   fix: Set NGX_LD_BACKEND_FAILOVER to the other side's Live Data, and NGX_LD_BACKEND_PROXY_FAILOVER to what the map makes of it.
#   controls: [XC-20]
#   optional: [env]
#   bad: NGX_LD_BACKEND_FAILOVER=ld-a.corp.example:12005 on the gate of side A
#   good: |-
#     NGX_LD_BACKEND_FAILOVER=ld-b.corp.example:12005
#     NGX_LD_BACKEND_PROXY_FAILOVER=desk-b.agents.example:12005
package policies.xc.live_data_failover

import data.policies.lib.env
import data.policies.lib.env_endpoints
import data.policies.lib.inventory
import data.policies.lib.proxymap

backends contains {"edge": edge, "file": p.file, "text": lower(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LD_BACKEND_FAILOVER
	p.set
	p.text != ""
}

proxies contains {"edge": edge, "file": p.file, "text": lower(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LD_BACKEND_PROXY_FAILOVER
	p.set
	p.text != ""
}

# An edge that fails over nowhere passes: the node alone then decides.
subjects contains edge if some edge in env.declared

map_sources := [s | some s in proxymap.record_sources]

is_live_data(pair_host) if {
	some node in inventory.node_of[lower(pair_host)]
	inventory.nodes[node].role in {"livedata", "uccx"}
}

# mapped: the internal endpoints of Live Data in the map, and what it makes of them.
mapped[pair.internal_id] contains {"outer": pair.external_id, "sources": pair.sources} if {
	some pair in proxymap.pairs
	is_live_data(pair.internal.host)
}

findings contains {
	"subject": b.edge,
	"key": sprintf("%s backend", [b.file]),
	"message": sprintf("NGX_LD_BACKEND_FAILOVER %s in %s is no Live Data endpoint of the map", [b.text, b.file]),
	"sources": array.concat([b.source], map_sources),
} if {
	some b in backends
	not mapped[b.text]
}

findings contains {
	"subject": b.edge,
	"key": sprintf("%s own side", [b.file]),
	"message": sprintf("NGX_LD_BACKEND_FAILOVER %s in %s is the Live Data that the file is for", [b.text, b.file]),
	"sources": array.concat([b.source, i.source], map_sources),
} if {
	some b in backends
	some i in env_endpoints.inner
	i.edge == b.edge
	i.file == b.file
	i.component == "LD"
	not i.alternate
	i.host == split(b.text, ":")[0]
}

findings contains {
	"subject": p.edge,
	"key": sprintf("%s proxy", [p.file]),
	"message": sprintf("NGX_LD_BACKEND_PROXY_FAILOVER %s in %s is not what the map makes of %s", [p.text, p.file, b.text]),
	"fix": sprintf("NGX_LD_BACKEND_PROXY_FAILOVER=%s", [concat(" or ", sort([m.outer | some m in mapped[b.text]]))]),
	"sources": array.concat([p.source], [s | some m in mapped[b.text]; some s in m.sources]),
} if {
	some p in proxies
	some b in backends
	b.edge == p.edge
	b.file == p.file
	mapped[b.text]
	not p.text in {m.outer | some m in mapped[b.text]}
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s half", [id[1]]),
	"message": sprintf("%s sets only one of NGX_LD_BACKEND_FAILOVER and NGX_LD_BACKEND_PROXY_FAILOVER", [id[1]]),
	"sources": array.concat([p.source | some p in (backends | proxies); p.edge == id[0]; p.file == id[1]], map_sources),
} if {
	inner := {[b.edge, b.file] | some b in backends}
	outer := {[p.edge, p.file] | some p in proxies}
	some id in ((inner | outer) - (inner & outer))
}

unsure contains u if some u in env.unread
