# METADATA
# title: Served certificate does not cover its host
# description: |-
#   Browsers compare the host in the address bar with the alternative names and refuse the page when none matches. A
#   wildcard stands for one label only, and never for the name above it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6125#section-6.4
# - ref: https://www.rfc-editor.org/rfc/rfc9525
# custom:
#   severity: high
#   fix: Have the certificate issued again with every external host of the map among its DNS names.
#   controls: [CRT-03, XC-12]
#   bad: "desk-a.agents.example:8445 presents DNS:desk-b.agents.example"
#   good: "desk-a.agents.example:8445 presents DNS:desk-a.agents.example"
package policies.cert.name_not_covered

import data.policies.lib.certificates

judged contains {"subject": chain.subject, "host": chain.host, "leaf": chain.certificates[0], "source": chain.source} if {
	some record in input.certchain
	startswith(record.target, "edge/")
	some chain in record.chains
	chain.place == "served"
	chain.host != ""
}

subjects contains j.subject if some j in judged

# A listener may serve two leaves, one for each kind of key.
uncovered[[j.subject, j.host]] contains {"leaf": j.leaf, "source": j.source} if {
	some j in judged
	certificates.found[j.leaf]
	not certificates.names_host(j.leaf, j.host)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is none of the names of the certificate: %s", [id[1], concat("; ", names)]),
	"sources": array.concat([s | some s in {u.source | some u in list}], [s | some u in list; some s in certificates.sources[u.leaf]]),
	"witness": {"kind": "chain", "text": sprintf("leaf %s served for %s", [concat(", ", {u.leaf | some u in list}), id[1]])},
} if {
	some id, list in uncovered
	names := {name_list(concat(", ", certificates.found[u.leaf].dns_names)) | some u in list}
}

name_list(text) := text if text != ""

name_list("") := "(none)"

unsure contains {"subject": j.subject, "reason": "the served certificate could not be read"} if {
	some j in judged
	not certificates.found[j.leaf]
}
