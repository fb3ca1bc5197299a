# METADATA
# title: Certificate that a node shows is not valid now
# description: |-
#   The command line shows certificates that no listener presents yet or any more. When the one of Unified CM has ended,
#   agents cannot log in, and the error names their password.
# custom:
#   severity: high
#   fix: Make the certificate again on the node, have it signed, upload it and restart the services of its unit.
#   controls: [CRT-08, CRT-10]
#   bad: "To:   Mon Jan 01 00:00:00 UTC 2024"
#   good: "To:   Fri Jan 01 00:00:00 UTC 2027"
package policies.cert.shown_ended

import data.policies.lib.certificates

subjects contains node.target if {
	some node in input.vos
	count(node.certificate_dumps) > 0
}

shown contains {"target": node.target, "file": sprintf("%s/%s", [dump.unit, dump.file]), "from": dump.not_before, "to": dump.not_after, "zone": dump.zone_known, "source": dump.source} if {
	some node in input.vos
	some dump in node.certificate_dumps
}

readable contains d if {
	some d in shown
	certificates.readable_time(d.from)
	certificates.readable_time(d.to)
	certificates.readable_time(input.header.at)
}

ended contains d if {
	some d in readable
	time.parse_rfc3339_ns(d.to) < time.parse_rfc3339_ns(input.header.at)
}

ended contains d if {
	some d in readable
	time.parse_rfc3339_ns(d.from) > time.parse_rfc3339_ns(input.header.at)
}

ended_files[[d.target, d.file]] contains d if {
	some d in ended
	d.zone
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is valid %s", [id[1], concat("; ", {sprintf("from %s to %s", [d.from, d.to]) | some d in list})]),
	"sources": [d.source | some d in list],
} if {
	some id, list in ended_files
}

unsure contains {"subject": d.target, "reason": sprintf("the validity of %s could not be read", [d.file])} if {
	some d in shown
	not d in readable
}

# The abbreviation of a zone can stand for several.
unsure contains {"subject": d.target, "reason": sprintf("whether %s has ended depends on a time zone that its text does not tell", [d.file])} if {
	some d in ended
	not d.zone
}
