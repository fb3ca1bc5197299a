# Indexes over what the listeners of edges answered to live requests. Only an
# answer proves anything: where it is not known who said no, nothing is decided.
package policies.lib.answers

# listeners: the listeners of edges that were asked.
listeners := {listener.subject: {"name": sprintf("%s:%d", [listener.host, listener.port]), "host": listener.host, "port": listener.port, "source": listener.source} |
	some listener in input.http
	startswith(listener.target, "edge/")
}

# asked[control]: the listeners that were asked for a closed path of a control.
asked[request.control] contains listener.subject if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.name == "closed_path"
}

asked_of := asked

# let_through[control][listener]: the closed paths that the gate did not refuse.
let_through[request.control][listener.subject] contains {
	"key": sprintf("%s %s", [request.method, request.path]), "path": request.path, "status": request.status, "source": request.source,
	"name": sprintf("%s:%d", [listener.host, listener.port]),
	"witness": {"kind": "request", "text": request_text(request.method, request.path, request.host)},
} if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.name == "closed_path"
	request.outcome == "answered"
	request.denied_known
	not request.denied
}

opened := let_through

# undecided[control][listener]: why it is not known whether a path is closed.
open_questions[request.control][listener.subject] contains why(request.path, request.outcome, request.status, request.reason) if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.name == "closed_path"
	undecided_answer(request.outcome, request.denied_known)
}

undecided := open_questions

undecided_answer("unknown", _)

undecided_answer(_, false)

why(path, "unknown", _, reason) := sprintf("%s gave no answer: %s", [path, reason])

why(path, outcome, status, _) := sprintf("%s was answered with status %d; whether the gate or a server behind it said so is not known", [path, status]) if {
	outcome != "unknown"
}

request_text(method, path, host) := sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", [method, path, host])

# closing is the line that closes a path for good.
closing(path) := sprintf("location ^~ %s { return 403; }", [trim_suffix(path, "/")])

# own: the answers to requests under a listener's own name, each with its head.
# What the gate says of itself and what it passes on look the same to a browser.
own contains {
	"listener": listener.subject, "name": sprintf("%s:%d", [listener.host, listener.port]), "request": request.name, "method": request.method,
	"path": request.path, "status": request.status, "denied": is_denied(request.denied_known, request.denied), "whole_head": request.odd_head == false,
	"headers": request.headers, "cookies": request.cookies, "source": request.source,
} if {
	some listener in input.http
	startswith(listener.target, "edge/")
	some request in listener.requests
	request.outcome == "answered"
	request.name in {"page", "missing_path", "closed_path", "anonymous", "options", "head", "user_agent", "referer"}
}

is_denied(true, denied) := denied

is_denied(false, _) := false

# answered: the listeners with at least one such answer.
answered contains answer.listener if some answer in own
