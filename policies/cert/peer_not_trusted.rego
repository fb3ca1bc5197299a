# METADATA
# title: Node does not trust a server that it calls
# description: |-
#   Servers of a contact centre call one another over TLS. Where the trust list lacks the other's certificate and every
#   CA above it, failover, single sign-on, recording or chat fails while each server looks healthy.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-6
# custom:
#   severity: high
#   fix: Upload the root and intermediates of the peer, or its self-signed certificate, as tomcat-trust, and restart what uses it.
#   controls: [CRT-19, CRT-22]
#   bad: "tomcat-trust of fin-a lacks the CA of ids-a"
#   good: "tomcat-trust of fin-a holds the root that signed ids-a"
package policies.cert.peer_not_trusted

import data.policies.lib.certificates
import data.policies.lib.inventory

by_role[node.role] contains subject if some subject, node in certificates.nodes

pairs contains {"holder": holder, "peer": peer} if {
	some rule in input.profile.parameters.trust.peers
	some holder in by_role[rule.holder]
	some peer in by_role[rule.peer]
	holder != peer
	inventory.same_cluster(holder, peer)
}

subjects contains p.holder if some p in pairs

findings contains {
	"subject": p.holder,
	"key": sprintf("%s %s", [p.peer, leaf.sha]),
	"message": sprintf("its trust list has neither the certificate of %s nor a CA above it (%s)", [p.peer, certificates.found[leaf.sha].issuer_name]),
	"fix": sprintf("Upload the certificate of %s as tomcat-trust on %s.", [certificates.found[leaf.sha].issuer_name, certificates.nodes[p.holder].name]),
	"sources": array.concat([certificates.lists[p.holder].source], certificates.sources[leaf.sha]),
} if {
	some p in pairs
	certificates.lists[p.holder].complete
	some leaf in certificates.own[p.peer]
	certificates.found[leaf.sha]
	not certificates.trusts(p.holder, leaf.sha)
}

unsure contains {"subject": p.holder, "reason": "its trust list for tomcat is not known"} if {
	some p in pairs
	not certificates.lists[p.holder]
}

unsure contains {"subject": p.holder, "reason": "its trust list for tomcat was not read whole"} if {
	some p in pairs
	certificates.lists[p.holder].complete == false
}

unsure contains {"subject": p.holder, "reason": sprintf("no certificate of %s is known", [p.peer])} if {
	some p in pairs
	not certificates.own[p.peer]
}
