# METADATA
# title: Cookie is set without its protective attributes
# description: |-
#   A cookie without Secure follows the browser into clear text, and one without HttpOnly is open to any script of a gadget.
#   The desktop's session is worth as much as the agent's password.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2
# custom:
#   severity: medium
#   fix: Let the gate add the attributes with proxy_cookie_flags, or set them in the application.
#   controls: [HTTP-27]
#   bad: 'Set-Cookie: JSESSIONID=...; Path=/'
#   good: 'Set-Cookie: JSESSIONID=...; Path=/; Secure; HttpOnly'
package policies.http.cookie_unprotected

import data.policies.lib.answers

subjects contains subject if some subject, _ in answers.listeners

weak[[answer.listener, cookie.name]] contains lack if {
	some answer in answers.own
	some cookie in answer.cookies
	not cookie.secure
	lack := "Secure"
}

weak[[answer.listener, cookie.name]] contains lack if {
	some answer in answers.own
	some cookie in answer.cookies
	session_like(cookie.name)
	not cookie.http_only
	lack := "HttpOnly"
}

# Scripts of the desktop read some of its cookies, but never the session.
session_like(name) if regex.match(`(?i)(sess|token|auth|sso|jwt)`, name)

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s sets the cookie %s without %s", [answers.listeners[id[0]].name, id[1], concat(" and ", lacks)]),
	"sources": [answers.listeners[id[0]].source],
	"fix": sprintf("proxy_cookie_flags %s %s;", [id[1], concat(" ", [lower(l) | some l in lacks])]),
} if {
	some id, lacks in weak
}

unsure contains {"subject": subject, "reason": "no request of ours was answered"} if {
	some subject in subjects
	not subject in answers.answered
}
