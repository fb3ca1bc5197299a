# METADATA
# title: Certificate has other names than its request
# description: |-
#   Nodes of this kind refuse the upload of a certificate whose alternative names are not exactly those of the request.
#   A CA often adds one for www, or drops the domain that the request names.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc2986
# custom:
#   severity: medium
#   fix: Make the request again with an empty parent domain, so that the CA sets the names, or have the CA copy the names of the request.
#   controls: [CRT-12]
#   bad: "request DNS:uccx.corp.example, certificate DNS:uccx.corp.example and DNS:www.uccx.corp.example"
#   good: "request and certificate both DNS:uccx.corp.example"
package policies.cert.request_names_differ

import data.policies.lib.certificates

answered contains {
	"subject": request.subject, "sha": request.certificate, "names": {lower(n) | some n in request.dns_names}, "same": request.same_key,
	"alternatives": request.has_alt_names, "source": request.source,
} if {
	some record in input.certchain
	some request in record.requests
	request.certificate != ""
}

subjects contains a.subject if some a in answered

compared contains a if {
	some a in answered
	a.alternatives
	a.same.known
	a.same.value
	certificates.found[a.sha]
}

# A request without the extension leaves the names to the CA.
findings contains {
	"subject": a.subject,
	"key": sprintf("added %s", [name]),
	"message": sprintf("the certificate also names %s, which the request does not", [name]),
	"sources": array.concat([a.source], certificates.sources[a.sha]),
} if {
	some a in compared
	some name in ({lower(n) | some n in certificates.found[a.sha].dns_names} - a.names)
}

findings contains {
	"subject": a.subject,
	"key": sprintf("lost %s", [name]),
	"message": sprintf("the request names %s, and the certificate does not", [name]),
	"sources": array.concat([a.source], certificates.sources[a.sha]),
} if {
	some a in compared
	some name in (a.names - {lower(n) | some n in certificates.found[a.sha].dns_names})
}

unsure contains {"subject": a.subject, "reason": "the certificate beside the request has another key, or could not be read, so it is no answer to it"} if {
	some a in answered
	a.alternatives
	not a in compared
}
