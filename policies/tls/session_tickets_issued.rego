# METADATA
# title: Listener issues session tickets
# description: |-
#   A ticket is sealed with a key that a long-running nginx never changes, so that its leak opens every session
#   that was resumed with it. The guide and the benchmark both want tickets off.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5077
# custom:
#   severity: medium
#   fix: Set ssl_session_tickets off for all servers of the socket and reload nginx.
#   controls: [TLS-06, CIS-NGX-4.1.12]
#   bad: "NewSessionTicket in the handshake"
#   good: "ssl_session_tickets off;"
package policies.tls.session_tickets_issued

subjects contains listener.subject if {
	some listener in input.tlsposture
	startswith(listener.target, "edge/")
}

findings contains {
	"subject": listener.subject,
	"key": "ticket",
	"message": sprintf("%s:%d issues session tickets", [listener.host, listener.port]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": "ClientHello with an empty session ticket extension, answered by NewSessionTicket"},
} if {
	some listener in input.tlsposture
	listener.subject in subjects
	listener.tickets.known
	listener.tickets.value
}

unsure contains {"subject": listener.subject, "reason": "whether tickets are issued was not seen"} if {
	some listener in input.tlsposture
	listener.subject in subjects
	not listener.tickets.known
}
