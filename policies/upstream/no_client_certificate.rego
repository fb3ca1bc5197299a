# METADATA
# title: Gate presents no certificate to the upstream
# description: |-
#   A node with client-auth on refuses a gate that cannot prove who it is. Without such proof any host in the DMZ that
#   gets the gate's address is taken for the gate.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_certificate
# custom:
#   severity: medium
#   fix: Set proxy_ssl_certificate and proxy_ssl_certificate_key to the certificate that the nodes trust.
#   controls: [UP-07, CIS-NGX-4.1.9]
#   bad: location /desktop/ { proxy_pass https://finesse_a; }
#   good: proxy_ssl_certificate ssl/desk-a.pem; proxy_ssl_certificate_key ssl/desk-a.key;
package policies.upstream.no_client_certificate

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.vendor_servers

names := {"proxy_ssl_certificate", "proxy_ssl_certificate_key"}

lacking[[r.server, name]] contains r.place if {
	some r in forwarding.vendor
	some name in names
	not presents(r.at, r.server, name)
}

presents(at, server, name) if {
	some s in forwarding.effective(at, server, name)
	not s.args[0] in {"", "off"}
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is not set for %s", [id[1], concat(", ", places)]),
	"sources": sort([r.source | some r in forwarding.of_server[id[0]]]),
} if {
	some id, places in lacking
}
