# METADATA
# title: Unified CM certificate has a critical extension that peers cannot read
# description: |-
#   Unified CCX understands two critical extensions only, and has to refuse a certificate with any other one. The link
#   to Unified CM then fails, and with it every agent's login.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-4.2
# custom:
#   severity: high
#   fix: Have the certificate issued again with only key usage and basic constraints marked critical.
#   controls: [CRT-09]
#   bad: "X509v3 Extended Key Usage: critical"
#   good: "X509v3 Key Usage: critical, X509v3 Basic Constraints: critical"
package policies.cert.critical_extension

# Key usage and basic constraints.
understood := {"2.5.29.15", "2.5.29.19"}

managers := {node.subject | some node in input.site.nodes; node.role == "ucm"}

own contains {"subject": certificate.subject, "extensions": certificate.critical_extensions, "source": certificate.source} if {
	some record in input.certchain
	record.target in managers
	some certificate in record.certificates
	certificate.place in {"served", "file"}
	not certificate.ca
}

subjects contains c.subject if some c in own

defects[[c.subject, extension]] contains c.source if {
	some c in own
	some extension in c.extensions
	not extension in understood
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("extension %s is critical", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in defects
}
