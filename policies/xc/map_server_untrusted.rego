# METADATA
# title: Node does not trust the server of the map
# description: |-
#   The node loads the map by https only from a server whose certificate it can follow to its store. Otherwise it keeps
#   the map of before, without a word on the desktop, and every later change of the map misses it.
# custom:
#   severity: high
#   fix: Upload the CA of the map server to tomcat-trust of the node, and look at show-proxy-config-map afterwards.
#   controls: [MAP-11, XC-28]
#   bad: |-
#     1. https://map.corp.example/proxymap.txt   # and no certificate of it in tomcat-trust
#   good: |-
#     tomcat-trust/Corp_Root.pem: Corp Root      # which signed the map server's
package policies.xc.map_server_untrusted

import data.policies.lib.certificates
import data.policies.lib.gated
import data.policies.lib.node_stores
import data.policies.lib.origins

subjects contains node.target if {
	some node in gated.nodes
	some item in node.config_uris.items
	startswith(lower(item.value), "https://")
}

server := record.map_server if {
	some record in input.certchain
	record.target == "site"
}

# loads: the nodes that load the map from the server whose certificate is known.
loads[node.target] contains item.source if {
	some node in gated.nodes
	some item in node.config_uris.items
	startswith(lower(item.value), "https://")
	server.known
	count(server.certificates) > 0
	is_server(origins.host(item.value))
}

is_server(host) if lower(server.host) == host

is_server(_) if server.host == ""

findings contains {
	"subject": target,
	"key": server.certificates[0],
	"message": sprintf("neither the certificate of the map server (%s) nor its issuer %s is in tomcat-trust", [
		certificates.found[server.certificates[0]].common_name,
		certificates.found[server.certificates[0]].issuer_name,
	]),
	"sources": array.flatten([[s | some s in sources], node_stores.places(target), server.source]),
} if {
	some target, sources in loads
	node_stores.verdict(target, server.certificates[0]) == "no"
}

unsure contains {"subject": target, "reason": "neither the files nor the list of tomcat-trust are known"} if {
	some target, _ in loads
	node_stores.verdict(target, server.certificates[0]) == "open"
}

unsure contains {"subject": target, "reason": "the certificate of the server that this node loads the map from is not known"} if {
	some target in subjects
	not loads[target]
}
