# METADATA
# title: Stock page of a web server is served
# description: |-
#   The page that a web server is delivered with shows that a default server answers, and that nobody has looked at it. What
#   else the package brought along is often still there too.
# related_resources:
# - ref: https://nginx.org/en/docs/http/request_processing.html
# custom:
#   severity: medium
#   fix: Remove the stock server from the configuration and answer unknown requests with a refusal.
#   controls: [HTTP-01]
#   bad: "GET /  ->  200 with the welcome page of nginx"
#   good: "GET /  ->  421"
package policies.http.stock_page_served

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

replies contains {"listener": listener.subject, "request": request} if {
	some listener in input.http
	listener.subject in subjects
	some request in listener.requests
	request.outcome == "answered"
}

findings contains {
	"subject": r.listener,
	"key": sprintf("%s %s", [r.request.name, r.request.path]),
	"message": sprintf("%s answers %s with the stock page of a web server", [answers.listeners[r.listener].name, r.request.path]),
	"sources": [r.request.source],
	"fix": "Remove the server block that the package brought, or let it do nothing but return 444;",
	"witness": {"kind": "request", "text": answers.request_text(r.request.method, r.request.path, r.request.host)},
} if {
	some r in replies
	r.request.stock_page
}

heard contains r.listener if some r in replies

unsure contains {"subject": r.listener, "reason": sprintf("the answer to %s was not read to its end", [r.request.path])} if {
	some r in replies
	not r.request.stock_page
	not r.request.body_whole
}

unsure contains {"subject": subject, "reason": "no request was answered"} if {
	some subject in subjects
	not subject in heard
}
