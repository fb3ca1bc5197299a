# METADATA
# title: Page of a stranger may lead to the desktop
# description: |-
#   A page of somebody else can make an agent's browser send requests with the agent's session. The gate let such a
#   request through.
# custom:
#   severity: low
#   fix: Refuse with 417 what has a Referer of a host that is not listed.
#   controls: [HTTP-14]
#   bad: a request with a foreign Referer is answered with 200
#   good: a request with a foreign Referer is answered with 417
package policies.filter.referer_answered

asked contains {
	"subject": listener.subject, "request": request.path, "status": request.status,
	"denied": request.denied, "known": request.denied_known, "source": request.source,
} if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.name == "referer"
}

subjects contains a.subject if some a in asked

findings contains {
	"subject": a.subject,
	"key": a.request,
	"message": sprintf("a request from a foreign page was let through to %s (status %d)", [a.request, a.status]),
	"sources": [a.source],
} if {
	some a in asked
	a.known
	not a.denied
}

unsure contains {"subject": a.subject, "reason": sprintf("whether a request from a foreign page is refused at %s is not known", [a.request])} if {
	some a in asked
	not a.known
}
