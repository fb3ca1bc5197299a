# METADATA
# title: Certificate that the gate shows to nodes is not for clients
# description: |-
#   A node that asks the gate for a certificate refuses one that lists its uses and leaves out client authentication.
#   That of the external listener is often used again here, and public CAs no longer put that use into it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_certificate
# custom:
#   severity: high
#   fix: Name a certificate with client authentication among its extended key usages in proxy_ssl_certificate.
#   controls: [CRT-07]
#   bad: "proxy_ssl_certificate with extended key usage serverAuth"
#   good: "proxy_ssl_certificate with extended key usages serverAuth, clientAuth"
package policies.xc.client_certificate_unfit

import data.policies.lib.certificates

shown contains {"target": record.target, "path": file.path, "read": file.read, "reason": file.reason, "digests": file.certificates, "source": file.source} if {
	some record in input.certchain
	some file in record.configured
	file.directive == "proxy_ssl_certificate"
}

subjects contains s.target if some s in shown

unfit[[s.target, leaf]] contains s.source if {
	some s in shown
	s.read
	some i, leaf in s.digests
	i == 0
	certificates.found[leaf]
	not certificates.may(leaf, "client")
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s may be used for %s only", [certificates.found[id[1]].subject_name, concat(", ", certificates.found[id[1]].ext_key_usage)]),
	"sources": array.concat([s | some s in places], certificates.sources[id[1]]),
} if {
	some id, places in unfit
}

unsure contains {"subject": s.target, "reason": sprintf("%s could not be read: %s", [s.path, s.reason])} if {
	some s in shown
	not s.read
}
