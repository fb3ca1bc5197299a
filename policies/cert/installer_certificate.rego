# METADATA
# title: Installer makes the certificate of the gate itself
# description: |-
#   The installer signs a certificate itself where its switch says so, and gives it the name of the vendor's sample
#   where nobody sets another. It does so again at every start, whatever was installed by hand.
# custom:
#   severity: high
#   fix: Set CREATE_SELF_SIGNED_SSL_CERT=FALSE and put a certificate of your CA where SSL_CERT_NAME looks for it.
#   controls: [CRT-01, CRT-05]
#   optional: [env]
#   bad: "CREATE_SELF_SIGNED_SSL_CERT=TRUE"
#   good: "CREATE_SELF_SIGNED_SSL_CERT=FALSE"
package policies.cert.installer_certificate

sample := "*.cisco.com"

switches contains {"target": record.target, "set": property.set, "switch": property.switch, "source": property.source, "files": record.source} if {
	some record in input.env
	some property in record.properties
	property.name == "CREATE_SELF_SIGNED_SSL_CERT"
	property.effective
}

subjects contains s.target if some s in switches

# A default has no line; its place is the folder.
place(true, source, _) := source

place(false, _, files) := files

findings contains {
	"subject": s.target,
	"key": "switch",
	"message": "CREATE_SELF_SIGNED_SSL_CERT is on",
	"sources": [place(s.set, s.source, s.files)],
} if {
	some s in switches
	s.switch.known
	s.switch.value
}

findings contains {
	"subject": record.target,
	"key": "name",
	"message": sprintf("CERTIFICATE_COMMON_NAME is still %s", [sample]),
	"fix": "Set CERTIFICATE_COMMON_NAME to the external host of the gate.",
	"sources": [property.source],
} if {
	some record in input.env
	record.target in subjects
	some property in record.properties
	property.name == "CERTIFICATE_COMMON_NAME"
	property.effective
	property.set
	property.value.known
	lower(property.value.value) == sample
}

unsure contains {"subject": s.target, "reason": "what CREATE_SELF_SIGNED_SSL_CERT is set to is not known"} if {
	some s in switches
	not s.switch.known
}
