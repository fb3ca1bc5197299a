# METADATA
# title: Listener accepts a suite without forward secrecy
# description: |-
#   With such a suite, everything ever recorded can be read once the server's key leaks. The gate sees the
#   passwords of every agent, so its recordings are worth keeping for an attacker.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# custom:
#   severity: medium
#   fix: Remove suites with RSA key exchange from ssl_ciphers, for instance by adding !kRSA.
#   controls: [TLS-03, TLS-13, CIS-NGX-4.1.14]
#   bad: "TLS_RSA_WITH_AES_128_GCM_SHA256 accepted"
#   good: "ssl_ciphers ECDHE+AESGCM;"
package policies.tls.suite_without_forward_secrecy

subjects contains listener.subject if some listener in input.tlsposture

findings contains {
	"subject": listener.subject,
	"key": sprintf("%s %s", [suite.version, suite.name]),
	"message": sprintf("%s:%d accepts %s in %s", [listener.host, listener.port, suite.name, suite.version]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello of %s offering only %s, answered by ServerHello", [suite.version, suite.name])},
} if {
	some listener in input.tlsposture
	some suite in listener.suites
	not suite.forward_secret
	not suite.broken

	# Every TLS 1.3 handshake has an ephemeral key; its suites do not name it.
	suite.version != "TLSv1.3"
}

unsure contains {"subject": listener.subject, "reason": "no cipher suite was found, so none is known to be refused"} if {
	some listener in input.tlsposture
	count(listener.suites) == 0
}
