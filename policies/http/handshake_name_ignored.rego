# METADATA
# title: Handshake for one name carries requests for another
# description: |-
#   What looks at the handshake, such as a web firewall or a client certificate, then judges another site than the one
#   that answers. The gate should refuse a request whose Host is not the name of its handshake.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20
# custom:
#   severity: medium
#   fix: Add "if ($ssl_server_name != $host) { return 421; }" to each server and ssl_reject_handshake on to the default server.
#   controls: [HTTP-03, TLS-12]
#   bad: "SNI desk-a, Host desk-b  ->  200"
#   good: "SNI desk-a, Host desk-b  ->  421"
package policies.http.handshake_name_ignored

import data.policies.lib.answers

differing := {"host_not_sni": "another Host", "sni_not_host": "another handshake name", "unknown_sni": "an unknown handshake name", "no_sni": "no handshake name"}

subjects contains subject if some subject, _ in answers.listeners

asked contains {"listener": listener.subject, "name": sprintf("%s:%d", [listener.host, listener.port]), "request": request} if {
	some listener in input.http
	listener.subject in subjects
	some request in listener.requests
	differing[request.name]
}

findings contains {
	"subject": a.listener,
	"key": a.request.name,
	"message": sprintf("%s answers a request with %s with status %d", [a.name, differing[a.request.name], a.request.status]),
	"sources": [a.request.source],
	"fix": sprintf("Add to the server of %s: if ($ssl_server_name != $host) { return 421; }", [a.name]),
	"witness": {"kind": "request", "text": sprintf("handshake for %q, then %s %s with Host: %s", [a.request.sni, a.request.method, a.request.path, a.request.host])},
} if {
	some a in asked
	a.request.outcome == "answered"
	a.request.comparable
	a.request.denied_known
	not a.request.denied
}

unsure contains {"subject": a.listener, "reason": sprintf("%s: %s", [differing[a.request.name], reason(a.request.outcome, a.request.comparable, a.request.reason)])} if {
	some a in asked
	not decided(a.request.outcome, a.request.comparable, a.request.denied_known)
}

decided(outcome, true, true) if outcome != "unknown"

reason("unknown", _, text) := sprintf("no answer (%s)", [text])

reason(outcome, false, _) := "the same path is refused under the right name too, so the answer says nothing about the name" if outcome != "unknown"

reason(outcome, true, _) := "whether the gate or a server behind it said no is not known" if outcome != "unknown"

unsure contains {"subject": subject, "reason": "no request under a differing name was sent"} if {
	some subject in subjects
	count([a | some a in asked; a.listener == subject]) == 0
}
