# METADATA
# title: User list is asked for under a name that does not fit
# description: |-
#   The gate refuses names that are no user's, by a list that it fetches. Where names differ inside and outside it
#   needs the address of that list, or it knows no user and refuses them all, or lets all through.
# custom:
#   severity: medium
#   fix: Set NGX_FIN_USERS_URL to the address of the users under the name that the gate itself resolves.
#   controls: [AUTH-07]
#   optional: [env]
#   bad: NGX_FIN_USERS_URL=""
#   good: NGX_FIN_USERS_URL="https://desk-a.agents.example:8445/finesse/api/Users"
package policies.auth.users_url_missing

import data.policies.lib.env

# pairs: the internal and external name of Finesse in one file.
pairs contains {"edge": edge, "file": inner.file, "inner": lower(inner.text), "outer": lower(outer.text), "source": inner.source} if {
	some edge, by_name in env.properties
	some inner in by_name.NGX_FIN_HOSTNAME
	some outer in by_name.NGX_PRXY_FIN_HOSTNAME
	inner.set
	outer.set
	inner.file == outer.file
}

# Without the template of Finesse there is no list of users.
subjects contains p.edge if some p in pairs

given contains [edge, p.file] if {
	some edge, by_name in env.properties
	some p in by_name.NGX_FIN_USERS_URL
	p.set
	trim_space(p.text) != ""
}

findings contains {
	"subject": p.edge,
	"key": sprintf("%s NGX_FIN_USERS_URL", [p.file]),
	"message": sprintf("Finesse is %s inside and %s outside, but %s gives no NGX_FIN_USERS_URL", [p.inner, p.outer, p.file]),
	"fix": sprintf(`NGX_FIN_USERS_URL="https://%s:8445/finesse/api/Users"`, [p.outer]),
	"sources": [p.source],
} if {
	some p in pairs
	p.inner != p.outer
	not [p.edge, p.file] in given
	not unclear(p.edge)
}

unclear(edge) if {
	some reason in env.untold[edge].NGX_FIN_USERS_URL
	contains(reason, "no value that is known")
}

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_FIN_USERS_URL scheme", [p.file]),
	"message": sprintf("NGX_FIN_USERS_URL %s in %s asks for the users in clear text", [p.text, p.file]),
	"sources": [p.source],
} if {
	some edge in subjects
	some p in env.properties[edge].NGX_FIN_USERS_URL
	p.set
	p.scheme == "http"
}
