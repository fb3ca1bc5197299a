# METADATA
# title: Login page of the identity provider has a name that browsers outside do not know
# description: |-
#   The identity service sends browsers to the address in the provider's metadata. Where that is an inner name, the map
#   needs an entry that turns it into the external one, or agents at home never see the login page.
# custom:
#   severity: high
#   fix: Add an entry for the provider to the proxy map, or give the provider one name inside and outside.
#   controls: [XC-17, MAP-08, SSO-02]
#   bad: "idp: {host: sso.example} and metadata with https://adfs.corp.example/adfs/ls/, no entry in the map"
#   good: "adfs.corp.example:443=sso.example:443"
package policies.xc.idp_name_not_mapped

import data.policies.lib.proxymap
import data.policies.lib.saml

subject := "saml/idp"

subjects contains subject if saml.documents[subject]

outside := lower(input.site.idp.host)

addresses[sprintf("%s:%d", [lower(endpoint.host), endpoint.port])] contains endpoint.source if {
	some endpoint in saml.endpoints.idp
	endpoint.descriptor == "IDPSSODescriptor"
	endpoint.service == "SingleSignOnService"
}

is_outside(id) if startswith(id, sprintf("%s:", [outside]))

# leads: where the map turns an address into.
leads[id] contains pair.external.text if {
	some id, _ in addresses
	some pair in proxymap.by_internal[id]
}

reaches(id) if {
	some pair in proxymap.by_internal[id]
	lower(pair.external.host) == outside
}

findings contains {
	"subject": subject,
	"key": id,
	"message": sprintf("the metadata sends browsers to %s, and %s", [id, map_text(id)]),
	"fix": sprintf("Add %s=%s:443 to the proxy map.", [id, outside]),
	"sources": array.concat([s | some s in sources], [s | some s in saml.map_sources]),
} if {
	outside != ""
	some id, sources in addresses
	not is_outside(id)
	not reaches(id)
}

map_text(id) := sprintf("the map turns that into %s instead of %s", [concat(", ", leads[id]), outside])

map_text(id) := sprintf("the map does not turn that into %s", [outside]) if not leads[id]

unsure contains {"subject": subject, "reason": "the site file does not declare the provider's external host"} if {
	saml.documents[subject]
	outside == ""
}

unsure contains {"subject": subject, "reason": "the metadata names no login page"} if {
	saml.documents[subject]
	count(addresses) == 0
}
