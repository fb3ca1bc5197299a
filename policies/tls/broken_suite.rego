# METADATA
# title: Listener accepts a broken cipher suite
# description: |-
#   Such a suite has no encryption, no authentication, or a cipher that can be broken in practice. Whoever
#   sits between an agent and the gate can then read or change what passes.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc7465
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# custom:
#   severity: high
#   fix: Remove the suite from ssl_ciphers; a list of ECDHE suites with AES-GCM or ChaCha20 needs no exclusions.
#   controls: [TLS-03, TLS-13, CIS-NGX-4.1.5]
#   bad: "TLS_RSA_WITH_3DES_EDE_CBC_SHA accepted"
#   good: "ssl_ciphers ECDHE+AESGCM;"
package policies.tls.broken_suite

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
	suite.broken
}

unsure contains {"subject": listener.subject, "reason": "a version is accepted, but no suite was found"} if {
	some listener in input.tlsposture
	count(listener.suites) == 0
	some version in listener.versions
	version.answer == "accepted"
}

unsure contains {"subject": listener.subject, "reason": "no protocol version gave an answer"} if {
	some listener in input.tlsposture
	count(listener.suites) == 0
	count([v | some v in listener.versions; v.answer != "unknown"]) == 0
}
