# METADATA
# title: Error page is signed by the server software
# description: |-
#   The stock error page of a web server names it in its last line, for every wrong path that a stranger tries. A page of
#   the site's own says only what its users need.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page
# custom:
#   severity: low
#   fix: Set error_page for every status that the gate answers with.
#   controls: [HTTP-16, CIS-NGX-2.5.2]
#   bad: "<center>nginx</center>"
#   good: "error_page 404 421 @refused;"
package policies.http.stock_error_sent

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

# Plain requests to a TLS port never reach a server block of their own.
replies contains {"listener": listener.subject, "request": request} if {
	some listener in input.http
	listener.subject in subjects
	some request in listener.requests
	request.outcome == "answered"
	request.name in {"page", "missing_path", "closed_path", "anonymous", "options", "user_agent", "referer"}
}

stock[[r.listener, r.request.status]] contains r.request.path if {
	some r in replies
	r.request.stock_error
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d", [id[1]]),
	"message": sprintf("%s answers %s with a stock error page for status %d", [answers.listeners[id[0]].name, min(paths), id[1]]),
	"sources": [answers.listeners[id[0]].source],
	"fix": sprintf("error_page %d @refused;", [id[1]]),
} if {
	some id, paths in stock
}

unsure contains {"subject": r.listener, "reason": sprintf("the answer to %s was not read to its end", [r.request.path])} if {
	some r in replies
	r.request.status >= 400
	not r.request.stock_error
	not r.request.body_whole
}

heard contains r.listener if some r in replies

unsure contains {"subject": subject, "reason": "no request was answered"} if {
	some subject in subjects
	not subject in heard
}
