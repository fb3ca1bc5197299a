# METADATA
# title: Edge certificate breaks the standards
# description: |-
#   Libraries differ in what they forgive, so such a certificate works in one browser and fails in another, or stops
#   working with an update. The names of the results are those of zlint.
# related_resources:
# - ref: https://github.com/zmap/zlint
# - ref: https://www.rfc-editor.org/rfc/rfc5280
# custom:
#   severity: medium
#   fix: Have the certificate issued again by a CA whose template keeps to the cited clause.
#   controls: [CRT-06, CRT-09]
#   bad: "a serial number of 21 octets"
#   good: "a serial number of 16 octets"
package policies.cert.encoding_defect

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.edge_leaves

results[[certificate.sha256, certificate.subject, lint.name]] contains {"citation": lint.citation, "details": lint.details, "status": lint.status, "source": certificate.source} if {
	some record in input.certchain
	some certificate in record.certificates
	certificate.sha256 in certificates.edge_leaves
	some lint in certificate.lints
	lower(lint.status) in {"error", "fatal"}
}

findings contains {
	"subject": id[1],
	"key": id[2],
	"message": sprintf("%s (%s)%s", [id[2], concat(", ", {r.citation | some r in list}), concat("", {detail(r.details) | some r in list})]),
	"sources": [s | some s in {r.source | some r in list}],
} if {
	some id, list in results
}

detail("") := ""

detail(text) := sprintf(": %s", [text]) if text != ""

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.edge_leaves
	not certificates.found[sha]
}
