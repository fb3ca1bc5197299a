# METADATA
# title: Other side is known under names that it does not have
# description: |-
#   When its own Finesse is down, the gate sends agents to the other side by these values. They have to be the other
#   gate's own, and what the map says; otherwise failover ends at a closed port.
# custom:
#   severity: medium
#   fix: Set NGX_PRXY_ALT_* and NGX_ALT_* on each side to the values that the other side has without ALT.
#   controls: [XC-22]
#   optional: [env]
#   bad: NGX_PRXY_ALT_FIN_HOSTNAME=desk-a.agents.example on the gate of side A
#   good: NGX_PRXY_ALT_FIN_HOSTNAME=desk-b.agents.example on the gate of side A
package policies.xc.alternate_values

import data.policies.lib.env_endpoints
import data.policies.lib.proxymap

# alternates: the other side as a file knows it, inner name and external endpoint.
alternates contains {
	"edge": outer.edge, "file": outer.file, "component": outer.component, "inner": inner.host, "endpoint": outer.endpoint,
	"source": outer.source, "inner_source": inner.source,
} if {
	some outer in env_endpoints.outer
	outer.alternate
	some inner in env_endpoints.inner
	inner.alternate
	inner.edge == outer.edge
	inner.file == outer.file
	inner.component == outer.component
}

subjects contains a.edge if some a in alternates

# mapped[host]: the external endpoints of an internal host.
mapped[lower(pair.internal.host)] contains pair.external_id if some pair in proxymap.pairs

findings contains {
	"subject": a.edge,
	"key": sprintf("%s %s map", [a.file, a.component]),
	"message": sprintf("%s leads %s to %s; the map says %s", [a.file, a.inner, a.endpoint, map_words(a.inner)]),
	"sources": array.concat([a.source, a.inner_source], [s | some s in proxymap.record_sources]),
} if {
	some a in alternates
	not leads(a.inner, a.endpoint)
}

leads(host, endpoint) if endpoint in mapped[host]

map_words(host) := concat(" or ", sort([e | some e in mapped[host]])) if mapped[host]

map_words(host) := "nothing about it" if not mapped[host]

# The other gate, where its files are known, has the same values as its own.
findings contains {
	"subject": a.edge,
	"key": sprintf("%s %s %s", [a.file, a.component, other]),
	"message": sprintf("%s knows the other side as %s; %s itself has %s", [a.file, a.endpoint, other, concat(" and ", sort([o.endpoint | some o in primaries]))]),
	"sources": array.concat([a.source], [o.source | some o in primaries]),
} if {
	some a in alternates
	some other in {e.subject | some e in input.site.edges; some mine in input.site.edges; mine.subject == a.edge; opposite(mine.side, e.side)}
	primaries := {o | some o in env_endpoints.outer; o.edge == other; o.component == a.component; not o.alternate}
	count(primaries) > 0
	not a.endpoint in {o.endpoint | some o in primaries}
}

opposite("a", "b")

opposite("b", "a")

# An own endpoint is no failover.
findings contains {
	"subject": a.edge,
	"key": sprintf("%s %s own", [a.file, a.component]),
	"message": sprintf("%s has the same endpoint %s for its own side and the other one", [a.file, a.endpoint]),
	"sources": array.concat([a.source, o.source], [s | some s in proxymap.record_sources]),
} if {
	some a in alternates
	some o in env_endpoints.outer
	not o.alternate
	o.edge == a.edge
	o.file == a.file
	o.endpoint == a.endpoint
}
