# METADATA
# title: Listener offers compression or unsafe renegotiation
# description: |-
#   Compression under encryption leaks cookies by their length, and renegotiation lets a client splice requests or
#   burn the server's time with one connection. Neither has a use at this gate.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5746
# - ref: https://www.rfc-editor.org/rfc/rfc7525#section-3.3
# custom:
#   severity: medium
#   fix: Update OpenSSL and nginx; neither offers TLS compression or client renegotiation in supported releases.
#   controls: [TLS-12, TLS-13]
#   bad: "the server answers a second ClientHello inside the connection"
#   good: "the server closes the connection at a second ClientHello"
package policies.tls.compression_or_renegotiation

subjects contains listener.subject if some listener in input.tlsposture

defects contains {"listener": listener.subject, "key": "compression", "text": "compresses TLS records", "source": listener.source} if {
	some listener in input.tlsposture
	listener.compression.known
	listener.compression.value
}

defects contains {"listener": listener.subject, "key": "client renegotiation", "text": "lets the client renegotiate", "source": listener.source} if {
	some listener in input.tlsposture
	listener.client_renegotiation.known
	listener.client_renegotiation.value
}

defects contains {"listener": listener.subject, "key": "insecure renegotiation", "text": "does not bind renegotiation to the connection (RFC 5746)", "source": listener.source} if {
	some listener in input.tlsposture
	listener.secure_renegotiation.known
	not listener.secure_renegotiation.value
}

findings contains {
	"subject": d.listener,
	"key": d.key,
	"message": sprintf("the listener %s", [d.text]),
	"sources": [d.source],
} if {
	some d in defects
}

unsure contains {"subject": listener.subject, "reason": "compression was not seen"} if {
	some listener in input.tlsposture
	not listener.compression.known
}

unsure contains {"subject": listener.subject, "reason": "client renegotiation was not seen"} if {
	some listener in input.tlsposture
	not listener.client_renegotiation.known
}

# Renegotiation does not exist in TLS 1.3, so a listener without 1.2 cannot tell.
unsure contains {"subject": listener.subject, "reason": "secure renegotiation was not seen"} if {
	some listener in input.tlsposture
	not listener.secure_renegotiation.known
	some version in listener.versions
	version.version == "TLSv1.2"
	version.answer == "accepted"
}
