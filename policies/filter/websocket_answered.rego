# METADATA
# title: WebSocket is opened without credentials
# description: |-
#   The desktop's events, calls and customers among them, come over this connection. The gate opened one for a request
#   that carried no credentials at all.
# custom:
#   severity: critical
#   fix: Ask for credentials before the upgrade, and refuse foreign origins.
#   controls: [HTTP-24]
#   bad: GET /ws with Upgrade and without credentials is answered with 101
#   good: GET /ws with Upgrade and without credentials is answered with 401
package policies.filter.websocket_answered

asked contains {
	"subject": listener.subject, "request": sprintf("%s of %s", [request.path, origins[request.name]]), "outcome": request.outcome,
	"status": request.status, "source": request.source,
} if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	origins[request.name]
}

origins := {"websocket": "its own origin", "websocket_foreign_origin": "a foreign origin"}

subjects contains a.subject if some a in asked

findings contains {
	"subject": a.subject,
	"key": a.request,
	"message": sprintf("a WebSocket at %s was opened without credentials", [a.request]),
	"sources": [a.source],
} if {
	some a in asked
	a.status == 101
}

unsure contains {"subject": a.subject, "reason": sprintf("whether a WebSocket is opened at %s is not known", [a.request])} if {
	some a in asked
	a.outcome == "unknown"
}

# A gateway error says that the request was passed on, or that its credentials could
# not be asked about.
unsure contains {"subject": a.subject, "reason": sprintf("status %d of %s tells nothing about credentials", [a.status, a.request])} if {
	some a in asked
	a.outcome == "answered"
	a.status >= 500
}
