# METADATA
# title: Program that is no browser is served
# description: |-
#   Most scanners name themselves, and go away when they are refused at once. The gate let a request of such a program
#   through.
# custom:
#   severity: low
#   fix: Refuse with 412 what does not name itself like a browser.
#   controls: [HTTP-15]
#   bad: a request of curl is answered with 200
#   good: a request of curl is answered with 412
package policies.filter.user_agent_answered

asked contains {
	"subject": listener.subject, "request": request.path, "status": request.status,
	"denied": request.denied, "known": request.denied_known, "source": request.source,
} if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.name == "user_agent"
}

subjects contains a.subject if some a in asked

findings contains {
	"subject": a.subject,
	"key": a.request,
	"message": sprintf("a program that is no browser was let through to %s (status %d)", [a.request, a.status]),
	"sources": [a.source],
} if {
	some a in asked
	a.known
	not a.denied
}

unsure contains {"subject": a.subject, "reason": sprintf("whether a program that is no browser is refused at %s is not known", [a.request])} if {
	some a in asked
	not a.known
}
