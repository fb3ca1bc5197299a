# METADATA
# title: One external name leads to several identity services
# description: |-
#   A side of the gate works with one identity service: with two, a token of one is shown to the other, and agents are
#   asked to log in again and again.
# custom:
#   severity: medium
#   fix: Keep the entry of the side's own identity service, and give the other one the external name of the other side.
#   controls: [SSO-11]
#   bad: "ids-a.corp.example:8553=desk-a.agents.example:8553, ids-b.corp.example:8553=desk-a.agents.example:8554"
#   good: "ids-a.corp.example:8553=desk-a.agents.example:8553, ids-b.corp.example:8553=desk-b.agents.example:8553"
package policies.sso.several_services_per_side

import data.policies.lib.saml

inner[lower(pair.external.host)] contains lower(pair.internal.host) if some pair in saml.services

places[lower(pair.external.host)] contains source if {
	some pair in saml.services
	some source in pair.sources
}

subjects contains sprintf("host/%s", [host]) if some host, _ in inner

findings contains {
	"subject": sprintf("host/%s", [host]),
	"key": "services",
	"message": sprintf("%s leads to %s; a side has %d identity service", [host, concat(" and ", services), input.profile.parameters.trust.sso.services_per_side]),
	"sources": [s | some s in places[host]],
} if {
	some host, services in inner
	count(services) > input.profile.parameters.trust.sso.services_per_side
}
