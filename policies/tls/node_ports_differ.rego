# METADATA
# title: Ports of a node are certified by different authorities
# description: |-
#   The gate trusts one issuer for a node. A port whose certificate comes from another one, often the self-signed
#   certificate of the installation, fails as soon as the gate verifies it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-6
# custom:
#   severity: medium
#   fix: Upload the signed certificate for every service of the node and restart it.
#   controls: [TLS-13]
#   bad: "8445 signed by Example Issuing CA, 8444 signed by fin-a.corp.example itself"
#   good: "8445 and 8444 signed by Example Issuing CA"
package policies.tls.node_ports_differ

subjects contains listener.target if {
	some listener in input.tlsposture
	startswith(listener.target, "node/")
}

issuers[listener.target][issuer] contains listener.port if {
	some listener in input.tlsposture
	startswith(listener.target, "node/")
	issuer := listener.chain[0].issuer
}

by_issuer := issuers

ports_of(target, issuer) := concat(", ", [sprintf("%d", [port]) | some port in by_issuer[target][issuer]])

shares[target] contains sprintf("%s on %s", [issuer, ports_of(target, issuer)]) if {
	some target, found in by_issuer
	some issuer, _ in found
}

findings contains {
	"subject": target,
	"key": "issuers",
	"message": sprintf("the ports of this node have certificates of different issuers: %s", [concat("; ", shares[target])]),
	"sources": [listener.source | some listener in input.tlsposture; listener.target == target],
	"fix": "Regenerate and sign the certificate of the services that still have their own (set csr gen, set cert import), then restart them.",
} if {
	some target, found in by_issuer
	count(found) > 1
}

unsure contains {"subject": listener.target, "reason": sprintf("port %d showed no certificate", [listener.port])} if {
	some listener in input.tlsposture
	startswith(listener.target, "node/")
	count(listener.chain) == 0
}
