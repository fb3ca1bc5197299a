# METADATA
# title: Service address in the metadata is none that the map leads to
# description: |-
#   The identity provider posts the login of an agent at home to the addresses in the metadata for the gate. One that
#   names an inner host, or a port that the map does not have, is never reached from there.
# custom:
#   severity: high
#   fix: Download the metadata for the gate again after the map is loaded, and import it at the identity provider.
#   controls: [XC-16, SSO-05]
#   bad: "Location=\"https://ids-a.corp.example:8553/ids/saml/response\" in the metadata for the gate"
#   good: "Location=\"https://desk-a.agents.example:8553/ids/saml/response\" in the metadata for the gate"
package policies.xc.acs_not_mapped

import data.policies.lib.saml

subject := "saml/sp_proxy"

subjects contains subject if saml.documents[subject]

mapped contains pair.external_id if some pair in saml.services

places contains source if {
	some pair in saml.services
	some source in pair.sources
}

services contains endpoint if {
	some endpoint in saml.endpoints.sp_proxy
	endpoint.descriptor == "SPSSODescriptor"
}

stray[endpoint.url] contains endpoint.source if {
	some endpoint in services
	not sprintf("%s:%d", [lower(endpoint.host), endpoint.port]) in mapped
}

findings contains {
	"subject": subject,
	"key": url,
	"message": sprintf("%s is at none of the external endpoints of the identity service: %s", [url, concat(", ", mapped)]),
	"sources": array.concat([s | some s in sources], [s | some s in places]),
} if {
	count(mapped) > 0
	some url, sources in stray
}

unsure contains {"subject": subject, "reason": "no entry of the map leads to a declared identity service"} if {
	saml.documents[subject]
	count(mapped) == 0
}

unsure contains {"subject": subject, "reason": "the metadata for the gate names no service address"} if {
	saml.documents[subject]
	count(services) == 0
}
