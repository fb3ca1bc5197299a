# METADATA
# title: Identity provider is not found from the internet
# description: |-
#   A browser at home has to open the provider's login page itself. Where its name leads nowhere from outside, single
#   sign-on works in the office and nowhere else.
# custom:
#   severity: high
#   fix: Publish the identity provider, or tunnel it through the gate, and give its name a public address.
#   controls: [SSO-01]
#   bad: "dig sso.example from outside: status: NXDOMAIN"
#   good: "dig sso.example from outside: 203.0.113.40"
package policies.sso.idp_not_public

import data.policies.lib.public_names

host := lower(input.site.idp.host)

# Without single sign-on the site file names no provider.
subjects contains "idp/provider" if host != ""

findings contains {
	"subject": "idp/provider",
	"key": host,
	"message": sprintf("%s has no address that the internet can reach", [host]),
	"sources": [s | some s in public_names.sources[host]],
} if {
	host != ""
	host in public_names.missing
}

unsure contains {"subject": "idp/provider", "reason": sprintf("nobody looked %s up from the internet with success", [host])} if {
	host != ""
	not host in public_names.missing
	not host in public_names.public
}
