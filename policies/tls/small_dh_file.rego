# METADATA
# title: File of Diffie-Hellman parameters is too small
# description: |-
#   A prime of 1024 bit can be attacked once for everybody who uses it. The file decides, whatever suites are offered today.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_dhparam
# - ref: https://weakdh.org/
# custom:
#   severity: medium
#   fix: Generate parameters of the profile's size with openssl dhparam and name them in ssl_dhparam.
#   controls: [TLS-05, CIS-NGX-4.1.6]
#   bad: "openssl dhparam -out dhparam.pem 1024"
#   good: "openssl dhparam -out dhparam.pem 2048"
package policies.tls.small_dh_file

import data.policies.lib.nginx

# Every edge is judged; one that names no file relies on none.
subjects contains target if some target in nginx.read_targets

findings contains {
	"subject": record.target,
	"key": parameters.path,
	"message": sprintf("%s holds a prime of %d bit; the profile asks for %d", [parameters.path, parameters.bits.value, input.profile.parameters.dh_bits]),
	"sources": [parameters.source],
	"fix": sprintf("openssl dhparam -out %s %d", [parameters.path, input.profile.parameters.dh_bits]),
} if {
	some record in input.nginxrules
	some parameters in record.dh_parameters
	parameters.bits.known
	parameters.bits.value < input.profile.parameters.dh_bits
}

unsure contains {"subject": record.target, "reason": sprintf("the size of %s is not known: %s", [parameters.path, parameters.reason])} if {
	some record in input.nginxrules
	some parameters in record.dh_parameters
	not parameters.bits.known
}
