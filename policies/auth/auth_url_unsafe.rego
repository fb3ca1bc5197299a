# METADATA
# title: Credentials are tried at an unsafe address
# description: |-
#   The gate sends every agent's name and password to this address. In clear text, or at a page that answers 200 to
#   anybody, the login of the gate is none.
# custom:
#   severity: high
#   fix: Set NGX_AUTH_URL to https, the gate's own name and port, and /finesse/api/UserAuth.
#   controls: [AUTH-06]
#   optional: [env]
#   bad: NGX_AUTH_URL="http://desk-a.agents.example:8445/desktop"
#   good: NGX_AUTH_URL="https://desk-a.agents.example:8445/finesse/api/UserAuth"
package policies.auth.auth_url_unsafe

import data.policies.lib.env

subjects contains edge if some edge in env.declared

urls contains {"edge": edge, "file": p.file, "text": p.text, "scheme": p.scheme, "path": p.path, "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_AUTH_URL
	p.scheme != ""
}

findings contains {
	"subject": u.edge,
	"key": sprintf("%s scheme", [env.words(u.file)]),
	"message": sprintf("NGX_AUTH_URL %s in %s sends credentials in clear text", [u.text, env.words(u.file)]),
	"fix": sprintf("NGX_AUTH_URL=%s", [regex.replace(u.text, `^[a-zA-Z]+://`, "https://")]),
	"sources": [u.source],
} if {
	some u in urls
	u.scheme != "https"
}

findings contains {
	"subject": u.edge,
	"key": sprintf("%s path", [env.words(u.file)]),
	"message": sprintf("NGX_AUTH_URL in %s has the path %s, which is no address that tells whether credentials are right", [env.words(u.file), u.path]),
	"sources": [u.source],
} if {
	some u in urls
	not trim_suffix(u.path, "/") in input.profile.parameters.gate.auth_paths
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_AUTH_URL
}

unsure contains {"subject": edge, "reason": sprintf("NGX_AUTH_URL in %s is empty", [env.words(p.file)])} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_AUTH_URL
	p.set
	p.scheme == ""
}

unsure contains u if some u in env.unread
