# METADATA
# title: Listener negotiates the wrong HTTP version
# description: |-
#   What a browser is offered in the handshake is what it will use, whatever the configuration files say. The
#   profile names the version that this deployment is sized and qualified for.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc7301
# - ref: https://www.rfc-editor.org/rfc/rfc9113
# custom:
#   severity: low
#   fix: Turn http2 on or off for all servers of the socket, as the profile's http2 parameter says, and reload nginx.
#   controls: [TLS-08, CIS-NGX-4.1.13]
#   bad: "ALPN h2  ->  refused, where the profile requires it"
#   good: "ALPN h2  ->  h2"
package policies.tls.negotiated_http2_against_profile

subjects contains listener.subject if {
	some listener in input.tlsposture
	startswith(listener.target, "edge/")
}

unwanted := {"required": "refused", "forbidden": "accepted"}

findings contains {
	"subject": listener.subject,
	"key": "h2",
	"message": sprintf("%s:%d: h2 is %s in the handshake, but %s by the profile", [listener.host, listener.port, alpn.answer, input.profile.parameters.http2]),
	"sources": [listener.source],
	"witness": {"kind": "handshake", "text": sprintf("ClientHello offering the application protocol h2: %s", [alpn.answer])},
} if {
	some listener in input.tlsposture
	listener.subject in subjects
	some alpn in listener.alpn
	alpn.protocol == "h2"
	alpn.answer == unwanted[input.profile.parameters.http2]
}

unsure contains {"subject": listener.subject, "reason": "h2 was not offered, or gave no answer"} if {
	input.profile.parameters.http2 != "either"
	some listener in input.tlsposture
	listener.subject in subjects
	count([a | some a in listener.alpn; a.protocol == "h2"; a.answer != "unknown"]) == 0
}
