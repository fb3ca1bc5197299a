# METADATA
# title: Request for a foreign name is answered
# description: |-
#   Scanners come by address and with made-up names, and cache poisoning starts with a Host that nobody serves. The gate
#   should end such requests before any server behind it hears of them.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9110#section-7.4
# - ref: https://nginx.org/en/docs/http/request_processing.html
# custom:
#   severity: high
#   fix: Give each socket a default server that rejects, and compare $http_host with the name and port in each server.
#   controls: [HTTP-01, HTTP-02, CIS-NGX-2.4.2]
#   bad: "Host: unknown.invalid  ->  200"
#   good: "Host: unknown.invalid  ->  connection closed, or 421"
package policies.http.unknown_name_answered

import data.policies.lib.answers

foreign := {
	"unknown_host": "a Host that nobody serves", "address_host": "an address as Host", "empty_host": "an empty Host",
	"no_host": "no Host", "no_host_http10": "no Host in HTTP/1.0", "other_port": "another port in Host", "two_hosts": "two Host fields",
	"absolute_target": "a foreign name in the request line", "no_sni_unknown_host": "no handshake name and a foreign Host",
}

subjects contains subject if some subject, _ in answers.listeners

asked contains {"listener": listener.subject, "name": sprintf("%s:%d", [listener.host, listener.port]), "request": request} if {
	some listener in input.http
	listener.subject in subjects
	some request in listener.requests
	foreign[request.name]
}

findings contains {
	"subject": a.listener,
	"key": a.request.name,
	"message": sprintf("%s answers a request with %s with status %d", [a.name, foreign[a.request.name], a.request.status]),
	"sources": [a.request.source],
	"fix": sprintf("Add to the server of %s: if ($http_host != \"%s\") { return 421; }", [a.name, a.name]),
	"witness": {"kind": "request", "text": sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", [a.request.method, a.request.path, a.request.host])},
} if {
	some a in asked
	a.request.outcome == "answered"
	a.request.comparable
	a.request.denied_known
	not a.request.denied
}

unsure contains {"subject": a.listener, "reason": sprintf("%s: %s", [foreign[a.request.name], reason(a.request.outcome, a.request.comparable, a.request.reason)])} if {
	some a in asked
	not decided(a.request.outcome, a.request.comparable, a.request.denied_known)
}

decided(outcome, true, true) if outcome != "unknown"

reason("unknown", _, text) := sprintf("no answer (%s)", [text])

reason(outcome, false, _) := "the same path is refused under the right name too, so the answer says nothing about the name" if outcome != "unknown"

reason(outcome, true, _) := "whether the gate or a server behind it said no is not known" if outcome != "unknown"

unsure contains {"subject": subject, "reason": "no request with a foreign name was sent"} if {
	some subject in subjects
	count([a | some a in asked; a.listener == subject]) == 0
}
