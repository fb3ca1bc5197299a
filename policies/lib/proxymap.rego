# Indexes over the master proxy map. Copies that nodes show are not judged here.
package policies.lib.proxymap

# lines[subject][external]: the entries of the master map; a repeated line is
# one element with several sources.
groups[entry.subject][entry.external.text] contains entry if {
	some record in input.proxymap
	record.target == "site"
	some entry in record.entries
}

# pairs: one element for each distinct line, with ports filled in. What a
# missing port means is the default of HTTPS; another rule reports it.
pairs := [pair |
	some subject, by_external in groups
	some text, entries in by_external
	sources := [e.source | some e in entries]
	heads := {{"internal": e.internal, "external": e.external} | some e in entries}
	some head in heads
	pair := {
		"subject": subject, "key": text, "sources": sources,
		"internal": head.internal, "external": head.external,
		"internal_id": endpoint_id(head.internal.host, head.internal.port, head.internal.has_port),
		"external_id": endpoint_id(head.external.host, head.external.port, head.external.has_port),
		"internal_port": port_of(head.internal.port, head.internal.has_port),
		"external_port": port_of(head.external.port, head.external.has_port),
	}
]

port_of(port, true) := port

port_of(_, false) := 443

endpoint_id(host, port, has_port) := sprintf("%s:%d", [lower(host), port_of(port, has_port)])

# by_internal and by_external: the pairs of a folded "host:port".
by_internal := internal_groups

internal_groups[pair.internal_id] contains pair if some pair in pairs

by_external := external_groups

external_groups[pair.external_id] contains pair if some pair in pairs

# external_hosts[host]: the sources of each external host, folded.
external_hosts := external_host_groups

external_host_groups[lower(pair.external.host)] contains source if {
	some pair in pairs
	some source in pair.sources
}

internal_hosts contains lower(pair.internal.host) if some pair in pairs

# origin is how a browser writes the origin of an external endpoint: in lower
# case, without the port that HTTPS implies (RFC 6454, section 6.2).
origin(host, 443) := sprintf("https://%s", [lower(host)])

origin(host, port) := sprintf("https://%s:%d", [lower(host), port]) if port != 443

subjects contains pair.subject if some pair in pairs

record_sources contains record.source if {
	some record in input.proxymap
	record.target == "site"
}
