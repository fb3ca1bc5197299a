# METADATA
# title: Identity service may not send browsers back to a desktop
# description: |-
#   After the login the identity service sends the browser to an address of the desktop that it knows. An external host of
#   the map, of either side, that is missing from the list ends each login from outside in an error.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2
# custom:
#   severity: high
#   fix: Add the address to the redirect URIs of the desktop's client on the identity service.
#   controls: [XC-15, SSO-03]
#   bad: "only https://fin-a.corp.example:8445/desktop/sso/authcode"
#   good: "https://fin-a.corp.example:8445/desktop/sso/authcode and https://desk-a.agents.example:8445/desktop/sso/authcode"
package policies.xc.redirect_uri_missing

import data.policies.lib.saml

client := input.profile.parameters.trust.sso.desktop_client

subject := sprintf("client/%s", [client])

lists contains record.source if {
	some record in input.saml
	count(record.clients) > 0
}

subjects contains subject if count(lists) > 0

entries contains entry.source if {
	some record in input.saml
	some entry in record.clients
	upper(entry.client) == upper(client)
}

known contains address(uri.host, uri.port) if {
	some record in input.saml
	some uri in record.redirects
	upper(uri.client) == upper(client)
	uri.scheme == "https"
	uri.path == input.profile.parameters.trust.sso.authcode_path
}

# address is the one spelling of a redirect URI that can be compared.
address(host, port) := sprintf("https://%s:%d%s", [lower(host), port, input.profile.parameters.trust.sso.authcode_path])

expected[address(pair.external.host, pair.external_port)] contains source if {
	some pair in saml.desktops
	some source in pair.sources
}

expected[address(pair.internal.host, pair.internal_port)] contains source if {
	some pair in saml.desktops
	some source in pair.sources
}

findings contains {
	"subject": subject,
	"key": uri,
	"message": sprintf("%s is none of the redirect URIs of the client %s", [uri, client]),
	"fix": sprintf("Add %s to the redirect URIs of the client %s on the identity service.", [uri, client]),
	"sources": array.concat([s | some s in entries], [s | some s in places]),
} if {
	count(entries) > 0
	some uri, places in expected
	not uri in known
}

findings contains {
	"subject": subject,
	"key": "client",
	"message": sprintf("the identity service has no client %s", [client]),
	"sources": array.concat([s | some s in lists], [s | some s in saml.map_sources]),
} if {
	count(lists) > 0
	count(entries) == 0
}

unsure contains {"subject": subject, "reason": "no entry of the map leads to a declared desktop"} if {
	count(lists) > 0
	count(expected) == 0
}
