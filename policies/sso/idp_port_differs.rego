# METADATA
# title: Identity provider has another port outside than inside
# description: |-
#   The identity service keeps one port for its provider, whatever the map says. With another one outside, the login page
#   opens on one side only.
# custom:
#   severity: medium
#   fix: Publish the identity provider outside on the port that it has inside.
#   controls: [SSO-09]
#   bad: "adfs.corp.example:443=sso.example:8443"
#   good: "adfs.corp.example:443=sso.example:443"
package policies.sso.idp_port_differs

import data.policies.lib.proxymap
import data.policies.lib.saml

subject := "saml/idp"

subjects contains subject if saml.documents[subject]

hosts contains lower(endpoint.host) if some endpoint in saml.endpoints.idp

is_provider(inner, _) if inner in hosts

is_provider(_, outer) if outer == lower(input.site.idp.host)

findings contains {
	"subject": subject,
	"key": pair.subject,
	"message": sprintf("the map gives the identity provider port %d outside and %d inside", [pair.external_port, pair.internal_port]),
	"fix": sprintf("Write %s:%d=%s:%d and publish that port.", [pair.internal.host, pair.internal_port, pair.external.host, pair.internal_port]),
	"sources": pair.sources,
} if {
	saml.documents[subject]
	some pair in proxymap.pairs
	is_provider(lower(pair.internal.host), lower(pair.external.host))
	pair.internal_port != pair.external_port
}

# Without an entry both sides use the address in the metadata.
unsure contains {"subject": subject, "reason": "the metadata names no address of the provider"} if {
	saml.documents[subject]
	count(hosts) == 0
}
