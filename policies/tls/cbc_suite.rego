# METADATA
# title: Listener accepts a CBC cipher suite
# description: |-
#   The way these suites combine encryption and integrity has leaked plaintext through timing again and
#   again. Every browser of an agent desktop knows an authenticated cipher instead.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# custom:
#   severity: low
#   fix: Keep only AES-GCM and ChaCha20-Poly1305 suites in ssl_ciphers.
#   controls: [TLS-03, TLS-13]
#   bad: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 accepted"
#   good: "ssl_ciphers ECDHE+AESGCM;"
package policies.tls.cbc_suite

subjects contains listener.subject if some listener in input.tlsposture

# A broken suite is reported by its own rule.
findings contains {
	"subject": listener.subject,
	"key": sprintf("%s %s", [suite.version, suite.name]),
	"message": sprintf("%s:%d accepts %s in %s", [listener.host, listener.port, suite.name, suite.version]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello of %s offering only %s, answered by ServerHello", [suite.version, suite.name])},
} if {
	some listener in input.tlsposture
	some suite in listener.suites
	suite.cbc
	not suite.broken
}

unsure contains {"subject": listener.subject, "reason": "no cipher suite was found, so none is known to be refused"} if {
	some listener in input.tlsposture
	count(listener.suites) == 0
}
