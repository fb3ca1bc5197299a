# METADATA
# title: Metadata for the gate does not name the identity service as the map does
# description: |-
#   The identity service has a second identity under its external name, and the identity provider must know it as a
#   party of its own. Metadata from before the map, or from the inner identity, breaks each login through the gate.
# related_resources:
# - ref: https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
# custom:
#   severity: high
#   fix: Download the metadata again through the external name after the map is loaded, and import it as a separate relying party.
#   controls: [XC-16, SSO-04]
#   bad: "entityID=\"ids-a.corp.example\" in the metadata for the gate"
#   good: "entityID=\"desk-a.agents.example\" in the metadata for the gate"
package policies.xc.proxy_entity_differs

import data.policies.lib.saml

subject := "saml/sp_proxy"

subjects contains subject if saml.documents[subject]

hosts contains lower(pair.external.host) if some pair in saml.services

places contains source if {
	some pair in saml.services
	some source in pair.sources
}

findings contains {
	"subject": subject,
	"key": entity.entity_id,
	"message": sprintf("the entity %s is none of the external names of the identity service: %s", [entity.entity_id, concat(", ", hosts)]),
	"sources": array.concat([entity.source], [s | some s in places]),
} if {
	count(hosts) > 0
	some entity in saml.service_providers.sp_proxy
	entity.host != ""
	not lower(entity.host) in hosts
}

findings contains {
	"subject": subject,
	"key": sprintf("same %s", [entity.entity_id]),
	"message": sprintf("the metadata for the gate and for the local network both describe the entity %s", [entity.entity_id]),
	"sources": [entity.source, other.source],
} if {
	some entity in saml.service_providers.sp_proxy
	some other in saml.service_providers.sp_lan
	entity.entity_id == other.entity_id
}

findings contains {
	"subject": subject,
	"key": "none",
	"message": "the metadata for the gate describes no service provider",
	"sources": array.concat([saml.documents[subject].source], [s | some s in saml.map_sources]),
} if {
	saml.documents[subject].complete
	not saml.service_providers.sp_proxy
}

unsure contains {"subject": subject, "reason": "no entry of the map leads to a declared identity service"} if {
	saml.documents[subject]
	count(hosts) == 0
}

unsure contains {"subject": subject, "reason": sprintf("the entity %s names no host", [entity.entity_id])} if {
	some entity in saml.service_providers.sp_proxy
	entity.host == ""
}

unsure contains {"subject": subject, "reason": "the metadata could not be read whole"} if saml.documents[subject].complete == false
