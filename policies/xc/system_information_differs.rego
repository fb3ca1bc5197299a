# METADATA
# title: Desktop is told other servers than the map names
# description: |-
#   The desktop takes from these answers which server it belongs to and where to go when that one fails. A name that no
#   entry of the map leads to ends the session at the first failover, and an inside name ends it at once.
# related_resources:
# - ref: https://developer.cisco.com/docs/finesse/
# custom:
#   severity: high
#   fix: See that the node trusts the gate and has loaded the map, and that the map names both sides.
#   controls: [VOS-08, XC-30]
#   bad: |-
#     <primaryNode><host>fin-a.corp.example</host></primaryNode>
#   good: |-
#     <primaryNode><host>desk-a.agents.example</host></primaryNode>
package policies.xc.system_information_differs

import data.policies.lib.callers
import data.policies.lib.proxymap

# desks: the listeners behind which the map has Finesse.
desks contains record if {
	some record in input.http
	startswith(record.target, "edge/")
	some b in callers.behind[proxymap.endpoint_id(record.host, record.port, true)]
	b.component == "finesse"
}

subjects contains record.subject if some record in desks

told contains {"subject": record.subject, "host": lower(h.host), "port": h.port, "by": "SystemInfo", "source": h.source} if {
	some record in desks
	some h in record.system_hosts
}

told contains {"subject": record.subject, "host": lower(h.host), "port": h.port, "by": "DesktopConfig", "source": h.source} if {
	some record in desks
	record.desktop.known
	some h in record.desktop.hosts
	h.host != ""
}

mapped(host, 0) if proxymap.external_hosts[host]

mapped(host, port) if {
	port > 0
	proxymap.by_external[proxymap.endpoint_id(host, port, true)]
}

strange[[t.subject, t.host, t.port]] contains {"by": t.by, "source": t.source} if {
	some t in told
	not mapped(t.host, t.port)
}

name(host, 0) := host

name(host, port) := sprintf("%s:%d", [host, port]) if port > 0

findings contains {
	"subject": id[0],
	"key": name(id[1], id[2]),
	"message": sprintf("%s: names %s, to which no entry of the map leads", [concat(" and ", {h.by | some h in hits}), name(id[1], id[2])]),
	"sources": array.concat([h.source | some h in hits], [s | some s in proxymap.record_sources]),
} if {
	some id, hits in strange
}

findings contains {
	"subject": record.subject,
	"key": "isProxyRequest",
	"message": "isProxyRequest is false: the node does not recognise that the request came through the gate",
	"fix": "Add the gate to allowed-hosts of the node, and let the gate send its own name and port in Host.",
	"sources": array.concat([record.desktop.source], [s | some s in proxymap.record_sources]),
} if {
	some record in desks
	record.desktop.known
	record.desktop.is_proxy_request.known
	not record.desktop.is_proxy_request.value
}

unsure contains {"subject": record.subject, "reason": "neither the system information nor the configuration of the desktop is answered without a login"} if {
	some record in desks
	not record.desktop.known
	count(record.system_hosts) == 0
}
