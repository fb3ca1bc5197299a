# METADATA
# title: Listener accepts a retired TLS version
# description: |-
#   Old protocol versions have no safe cipher suite left, and a client that still
#   offers them can be downgraded by whoever sits between it and the gate.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8996
# custom:
#   severity: high
#   fix: List only the versions that the profile allows in ssl_protocols of the socket's default server.
#   controls: [TLS-01, TLS-13]
#   bad: "ClientHello of TLSv1.0  ->  ServerHello"
#   good: "ClientHello of TLSv1.0  ->  alert protocol_version"
package policies.tls.legacy_protocol

subjects contains listener.subject if some listener in judged

# The listeners of CTI servers have a rule of their own, cti/tls_not_spoken.
judged contains listener if {
	some listener in input.tlsposture
	not startswith(listener.subject, "cti/")
}

findings contains {
	"subject": listener.subject,
	"key": version.version,
	"message": sprintf("%s:%d accepts %s", [listener.host, listener.port, version.version]),
	"sources": [version.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello offering only %s, answered by ServerHello", [version.version])},
} if {
	some listener in judged
	some version in listener.versions
	version.answer == "accepted"
	not version.version in input.profile.parameters.tls_versions
}

unsure contains {
	"subject": listener.subject,
	"reason": sprintf("%s: %s", [version.version, version.reason]),
} if {
	some listener in judged
	some version in listener.versions
	version.answer == "unknown"
	not version.version in input.profile.parameters.tls_versions
}

unsure contains {"subject": listener.subject, "reason": "no protocol version was tried"} if {
	some listener in judged
	count(listener.versions) == 0
}
