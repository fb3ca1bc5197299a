# Indexes over single sign-on: the entities and endpoints that count, and the map
# entries that lead to desktops and identity services.
package policies.lib.saml

import data.policies.lib.inventory
import data.policies.lib.proxymap

# documents: the metadata files by their subject.
documents[document.subject] := document if {
	some record in input.saml
	some document in record.documents
}

# service_providers[role]: the service providers of a document. What stands where the
# schema has no entity is left out; another rule reports it.
service_providers[entity.role] contains entity if {
	some record in input.saml
	some entity in record.entities
	entity.service_provider
	not entity.nested
}

endpoints[endpoint.role] contains endpoint if {
	some record in input.saml
	some endpoint in record.endpoints
	not endpoint.nested
}

# signing[role]: the certificates that a document says messages are signed with.
signing[key.role] contains key if {
	some record in input.saml
	some key in record.keys
	not key.nested
	key.use in {"signing", "both"}
}

roles(port, "finesse") if port in input.profile.parameters.trust.sso.desktop_ports

roles(port, "uccx") if port in input.profile.parameters.trust.sso.desktop_ports

# desktops: the entries of the map that lead to a desktop.
desktops contains pair if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	roles(pair.internal_port, inventory.nodes[node].role)
}

# services: the entries that lead to an identity service.
services contains pair if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	serves(pair.internal_port, inventory.nodes[node].role)
}

serves(_, "ids")

serves(port, "uccx") if port in input.profile.parameters.trust.sso.service_ports

map_sources := proxymap.record_sources
