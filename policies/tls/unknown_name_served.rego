# METADATA
# title: Listener serves a name that it does not have
# description: |-
#   A handshake for a foreign name ends with a certificate, so scanners learn from it what stands behind the
#   address, and a stray request goes on into some server. The default server should refuse the handshake.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_reject_handshake
# - ref: https://www.rfc-editor.org/rfc/rfc6066#section-3
# custom:
#   severity: medium
#   fix: Give each socket a default server with ssl_reject_handshake on.
#   controls: [TLS-12, HTTP-02, CIS-NGX-2.4.2]
#   bad: "SNI unknown.invalid  ->  certificate of desk-a.agents.example"
#   good: "ssl_reject_handshake on;"
package policies.tls.unknown_name_served

subjects contains listener.subject if {
	some listener in input.tlsposture
	startswith(listener.target, "edge/")
}

findings contains {
	"subject": listener.subject,
	"key": "unknown name",
	"message": sprintf("%s:%d presents a certificate for a name that it does not serve", [listener.host, listener.port]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello with a foreign server name, answered with certificate %s", [listener.unknown_name.certificate])},
} if {
	some listener in input.tlsposture
	listener.subject in subjects
	listener.unknown_name.answer == "accepted"
	listener.unknown_name.certificate != ""
}

unsure contains {"subject": listener.subject, "reason": sprintf("a foreign server name gave no answer: %s", [listener.unknown_name.reason])} if {
	some listener in input.tlsposture
	listener.subject in subjects
	listener.unknown_name.answer == "unknown"
}

unsure contains {"subject": listener.subject, "reason": "a foreign server name was accepted, but no certificate was seen"} if {
	some listener in input.tlsposture
	listener.subject in subjects
	listener.unknown_name.answer == "accepted"
	listener.unknown_name.certificate == ""
}
