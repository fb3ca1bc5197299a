# METADATA
# title: Installer makes the certificate of the gate itself
# description: |-
#   The installer signs a certificate itself where its switch says so, again at every start and over whatever was
#   installed by hand. Such certificates are for tests only.
# custom:
#   severity: high
#   fix: Set CREATE_SELF_SIGNED_SSL_CERT=FALSE and put a certificate of your CA where SSL_CERT_NAME looks for it.
#   controls: [CRT-01]
#   optional: [env]
#   bad: "CREATE_SELF_SIGNED_SSL_CERT=TRUE"
#   good: "CREATE_SELF_SIGNED_SSL_CERT=FALSE"
package policies.cert.installer_certificate

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

unsure contains {"subject": s.target, "reason": "what CREATE_SELF_SIGNED_SSL_CERT is set to is not known"} if {
	some s in switches
	not s.switch.known
}
