# METADATA
# title: Listener uses small Diffie-Hellman parameters
# description: |-
#   A prime of 1024 bit can be attacked once for everybody who uses it, and then every recorded session with it
#   can be read. The guide asks for own parameters of the size in the profile.
# related_resources:
# - ref: https://weakdh.org/
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# custom:
#   severity: medium
#   fix: Generate parameters of at least the profile's size for ssl_dhparam, or offer ECDHE suites only.
#   controls: [TLS-05, TLS-13, CIS-NGX-4.1.6]
#   bad: "ServerKeyExchange with a 1024 bit prime"
#   good: "openssl dhparam -out dhparam.pem 2048"
package policies.tls.small_dh_parameters

subjects contains listener.subject if some listener in input.tlsposture

findings contains {
	"subject": listener.subject,
	"key": "dh",
	"message": sprintf("%s:%d agrees keys with a %d bit prime; the profile asks for %d", [listener.host, listener.port, listener.dh_bits.value, input.profile.parameters.dh_bits]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello offering only DHE suites, answered by a ServerKeyExchange with a %d bit prime", [listener.dh_bits.value])},
} if {
	some listener in input.tlsposture
	listener.dh_bits.known
	listener.dh_bits.value > 0
	listener.dh_bits.value < input.profile.parameters.dh_bits
}

unsure contains {"subject": listener.subject, "reason": "a DHE suite is accepted, but the size of its prime was not seen"} if {
	some listener in input.tlsposture
	not listener.dh_bits.known
	some suite in listener.suites
	regex.match(`^TLS_DHE?_`, suite.name)
}

unsure contains {"subject": listener.subject, "reason": "no cipher suite was found, so it is not known whether DHE is offered"} if {
	some listener in input.tlsposture
	not listener.dh_bits.known
	count(listener.suites) == 0
}
