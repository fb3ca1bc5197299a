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
