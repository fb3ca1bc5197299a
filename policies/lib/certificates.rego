# Indexes over certificates and chains. A certificate that was found in several
# places is one subject with several sources.
package policies.lib.certificates

# found: every certificate by its digest, all places joined.
found := {sha: facts |
	some sha, records in groups
	some facts in records
}

groups[certificate.sha256] contains {
	"subject": certificate.subject, "common_name": certificate.common_name,
	"subject_name": certificate.subject_name, "issuer_name": certificate.issuer_name,
	"dns_names": certificate.dns_names, "ip_addresses": certificate.ip_addresses,
	"not_before": certificate.not_before, "not_after": certificate.not_after,
	"key_algorithm": certificate.key_algorithm, "key_bits": certificate.key_bits,
	"signature_hash": certificate.signature_hash, "self_signed": certificate.self_signed, "ca": certificate.ca,
	"ext_key_usage": certificate.ext_key_usage, "has_ext_key_usage": certificate.has_ext_key_usage,
	"key_sha256": certificate.key_sha256, "issuer_key_algorithm": certificate.issuer_key_algorithm,
} if {
	some record in input.certchain
	some certificate in record.certificates
}

source_groups[certificate.sha256] contains certificate.source if {
	some record in input.certchain
	some certificate in record.certificates
}

# sources: where each certificate was found.
sources := {sha: list |
	some sha, set_of_sources in source_groups
	list := [s | some s in set_of_sources]
}

# edge_leaves: the end-entity certificates that edges present or keep as files.
edge_leaves contains leaf if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some chain in record.chains
	some i, leaf in chain.certificates
	i == 0
}

# leaves: those of nodes too.
leaves contains leaf if {
	some record in input.certchain
	some chain in record.chains
	some i, leaf in chain.certificates
	i == 0
}

# chained: every certificate that came along in some chain.
chained contains sha if {
	some record in input.certchain
	some chain in record.chains
	some sha in chain.certificates
}

# subject names a certificate, whether or not a record describes it.
subject(sha) := sprintf("cert/%s", [sha])

# readable_time guards the conversion of instants.
readable_time(text) if regex.match(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`, text)

# whole_days is the length of a span in days, cut down.
whole_days(from, to) := floor((time.parse_rfc3339_ns(to) - time.parse_rfc3339_ns(from)) / 86400000000000)

# matches holds when a name of a certificate stands for a host (RFC 9525, section
# 6.3): a wildcard is the whole first label, and stands for one label.
matches(pattern, host) if lower(pattern) == lower(host)

matches(pattern, host) if {
	startswith(pattern, "*.")
	contains(host, ".")
	parent := substring(lower(host), indexof(host, "."), -1)
	lower(trim_prefix(pattern, "*")) == parent
}

# names_host holds when any name of a certificate stands for a host.
names_host(sha, host) if {
	some name in found[sha].dns_names
	matches(name, host)
}

names_host(sha, host) if {
	some address in found[sha].ip_addresses
	address == host
}

# Extended key usages by their short name, "any" or number (RFC 5280, 4.2.1.12).
use_names := {
	"server": {"serverauth", "any", "anyextendedkeyusage", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"},
	"client": {"clientauth", "any", "anyextendedkeyusage", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"},
}

# may: a certificate that lists no uses is good for all of them.
may(sha, _) if not found[sha].has_ext_key_usage

may(sha, side) if {
	some use in found[sha].ext_key_usage
	replace(replace(lower(use), " ", ""), "_", "") in use_names[side]
}

# Issuers by name and key identifier, as a client looks for them: whether a
# signature verifies is for the collector to say.

authorities[certificate.subject_name] contains {"sha": certificate.sha256, "key": certificate.subject_key_id} if {
	some record in input.certchain
	some certificate in record.certificates
	certificate.ca
}

signers[certificate.sha256] contains above.sha if {
	some record in input.certchain
	some certificate in record.certificates
	not certificate.self_signed
	some above in authorities[certificate.issuer_name]
	same_key(certificate.authority_key_id, above.key)
}

same_key("", _)

same_key(_, "")

same_key(a, b) if a == b

# line[sha]: a certificate and what signed it, up to four steps; no CA of a
# company or of the web is longer.
line := line_groups

line_groups[sha] contains sha if some sha, _ in groups

line_groups[sha] contains a if {
	some sha, steps in two_steps
	some a in steps
}

line_groups[sha] contains b if {
	some sha, steps in two_steps
	some a in steps
	some b in two_steps[a]
}

two_steps[sha] contains a if {
	some sha, above in signers
	some a in above
}

two_steps[sha] contains b if {
	some sha, above in signers
	some a in above
	some b in signers[a]
}

# nodes: the servers that have to present a certificate, unless the site file says
# why theirs are left out.
nodes[node.subject] := node if {
	some node in input.site.nodes
	node.role != "gadget"
	not "*" in excused
	not node.subject in excused
}

excused contains e.target if {
	some e in input.site.out_of_scope
	e.section == "certchain"
}

# own[node]: what a node presents, and what it keeps as that of its applications
# ("tomcat", "tomcat-ECDSA").
own := own_groups

own_groups[record.target] contains {"sha": leaf, "unit": lower(chain.unit), "place": chain.place, "host": chain.host, "port": chain.port, "source": chain.source} if {
	some record in input.certchain
	startswith(record.target, "node/")
	some chain in record.chains
	is_application(chain.place, lower(chain.unit))
	some i, leaf in chain.certificates
	i == 0
}

is_application("served", _)

is_application("file", unit) if unit in {"tomcat", "tomcat-ecdsa"}

# trusted[node]: the digests in the node's trust list for its applications, lists
# the list itself. Where complete is not set, what is missing may yet be there.
trusted := trust_groups

trust_groups[record.target] contains sha if {
	some record in input.certchain
	some list in record.trusts
	list.unit == "tomcat-trust"
	some sha in list.certificates
}

lists[record.target] := {"complete": list.complete, "source": list.source} if {
	some record in input.certchain
	some list in record.trusts
	list.unit == "tomcat-trust"
}

# trusts holds when a node's list has a certificate or any that signed it.
trusts(node, sha) if {
	some above in line[sha]
	above in trusted[node]
}
