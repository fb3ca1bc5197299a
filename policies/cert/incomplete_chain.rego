# METADATA
# title: Certificate chain is incomplete or out of order
# description: |-
#   Browsers that have not met the intermediate elsewhere cannot build the path and refuse the gate, while the browser
#   of whoever tested it shows nothing. TLS wants the leaf first and each signer after it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2
# custom:
#   severity: high
#   fix: Put the leaf and then each intermediate, in this order, into the file of ssl_certificate.
#   controls: [CRT-02, CIS-NGX-4.1.2]
#   bad: "ssl_certificate with the leaf alone"
#   good: "ssl_certificate with the leaf and then the issuing CA"
package policies.cert.incomplete_chain

judged contains {
	"subject": chain.subject, "complete": chain.complete, "ordered": chain.ordered, "trusted": chain.trusted,
	"length": count(chain.certificates), "reason": chain.reason, "source": chain.source, "text": concat(" ", chain.certificates),
} if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some chain in record.chains
	chain.place in {"served", "file"}
}

subjects contains j.subject if some j in judged

defects[[j.subject, "incomplete"]] contains {"message": sprintf("the path cannot be built from what is there: %s", [j.reason]), "source": j.source, "text": j.text} if {
	some j in judged
	not j.complete
	j.trusted.known
}

defects[[j.subject, "order"]] contains {"message": "the certificates are not in the order of signing", "source": j.source, "text": j.text} if {
	some j in judged
	j.length > 1
	not j.ordered
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": concat("; ", {d.message | some d in list}),
	"sources": [d.source | some d in list],
	"witness": {"kind": "chain", "text": concat("; ", {d.text | some d in list})},
} if {
	some id, list in defects
}

# Without declared roots, a path that lacks only its root looks like this too.
unsure contains {"subject": j.subject, "reason": sprintf("no roots are declared, so it is open whether only the root is missing: %s", [j.reason])} if {
	some j in judged
	not j.complete
	not j.trusted.known
}

unsure contains {"subject": j.subject, "reason": "the chain holds no certificate"} if {
	some j in judged
	j.length == 0
}
