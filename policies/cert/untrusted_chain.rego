# METADATA
# title: Chain does not end at a declared root
# description: |-
#   The certificate is signed, but by a CA that the site does not name as trusted, so agents' browsers may not trust it
#   either. Often it is a test CA that nobody replaced.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-6
# custom:
#   severity: high
#   fix: Install a certificate of the intended CA, or declare its root in the site file.
#   controls: [CRT-01, CRT-25, CIS-NGX-4.1.2]
#   bad: "a chain that ends at CN=Test CA, roots: [corp-root.pem]"
#   good: "a chain that ends at the certificate in corp-root.pem, roots: [corp-root.pem]"
package policies.cert.untrusted_chain

judged contains {"subject": chain.subject, "complete": chain.complete, "trusted": chain.trusted, "reason": chain.reason, "source": chain.source} if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some chain in record.chains
	chain.place in {"served", "file"}
}

subjects contains j.subject if some j in judged

# An incomplete chain proves nothing about its root; another rule reports it.
distrusted[j.subject] contains {"reason": j.reason, "source": j.source} if {
	some j in judged
	j.complete
	j.trusted.known
	not j.trusted.value
}

findings contains {
	"subject": subject,
	"key": "root",
	"message": sprintf("the chain ends at no declared root: %s", [concat("; ", {o.reason | some o in list})]),
	"sources": [o.source | some o in list],
} if {
	some subject, list in distrusted
}

unsure contains {"subject": j.subject, "reason": "the site declares no roots"} if {
	some j in judged
	not j.trusted.known
}

unsure contains {"subject": j.subject, "reason": "the chain is incomplete"} if {
	some j in judged
	j.trusted.known
	not j.trusted.value
	not j.complete
}
