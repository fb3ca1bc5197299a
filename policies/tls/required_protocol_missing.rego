# METADATA
# title: Listener refuses a required TLS version
# description: |-
#   The desktops, the nodes and the vendor's clients are tested with this version; without it
#   some of them cannot connect at all. A gate that refuses it fails on the day of go-live.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5246
# custom:
#   severity: high
#   fix: Add the version to ssl_protocols of the socket's default server, or to the node's minimum version.
#   controls: [TLS-01, TLS-13]
#   bad: "ClientHello of TLSv1.2  ->  alert"
#   good: "ClientHello of TLSv1.2  ->  ServerHello"
package policies.tls.required_protocol_missing

subjects contains listener.subject if some listener in input.tlsposture

findings contains {
	"subject": listener.subject,
	"key": version.version,
	"message": sprintf("%s:%d refuses %s (%s)", [listener.host, listener.port, version.version, version.reason]),
	"sources": [version.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello offering only %s, refused: %s", [version.version, version.reason])},
} if {
	some listener in input.tlsposture
	some version in listener.versions
	version.answer == "refused"
	version.version in input.profile.parameters.tls_required
}

unsure contains {"subject": listener.subject, "reason": sprintf("%s: %s", [version.version, version.reason])} if {
	some listener in input.tlsposture
	some version in listener.versions
	version.answer == "unknown"
	version.version in input.profile.parameters.tls_required
}

unsure contains {"subject": listener.subject, "reason": sprintf("%s was not tried", [required])} if {
	some listener in input.tlsposture
	tried := {v.version | some v in listener.versions}
	some required in input.profile.parameters.tls_required
	not required in tried
}
