# METADATA
# title: Single sign-on goes over clear text
# description: |-
#   An assertion that is sent to an http address can be read and used by whoever sits on the way. Browsers also warn
#   before they post from a secure page to such an address.
# custom:
#   severity: high
#   fix: Give the service an https address and exchange the metadata again.
#   controls: [SSO-10, SSO-05]
#   bad: "Location=\"http://sso.example/adfs/ls/\""
#   good: "Location=\"https://sso.example/adfs/ls/\""
package policies.sso.clear_text_endpoint

import data.policies.lib.saml

subjects contains subject if some subject, _ in saml.documents

plain[[endpoint.document, endpoint.url]] contains endpoint.source if {
	some list in saml.endpoints
	some endpoint in list
	endpoint.scheme != "https"
}

plain[[endpoint.document, endpoint.response_url]] contains endpoint.source if {
	some list in saml.endpoints
	some endpoint in list
	endpoint.response_url != ""
	not startswith(lower(endpoint.response_url), "https://")
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is no https address", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in plain
}
