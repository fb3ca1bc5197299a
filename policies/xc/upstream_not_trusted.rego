# METADATA
# title: Gate does not trust the certificate of a node behind it
# description: |-
#   The file that proxy_ssl_trusted_certificate names has to hold the root of every node that the server forwards to.
#   Where it does not, nginx answers 502 as soon as it verifies, which tempts to switch verification off.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_trusted_certificate
# custom:
#   severity: high
#   fix: Add the root certificate of the node's CA to the file of proxy_ssl_trusted_certificate.
#   controls: [XC-14, UP-10]
#   bad: "proxy_ssl_trusted_certificate with the root of another CA"
#   good: "proxy_ssl_trusted_certificate with the root that signed fin-a.corp.example"
package policies.xc.upstream_not_trusted

import data.policies.lib.certificates
import data.policies.lib.inventory
import data.policies.lib.nginx
import data.policies.lib.proxymap

files[[record.target, file.path]] contains {"read": file.read, "digests": file.certificates, "source": file.source} if {
	some record in input.certchain
	some file in record.configured
	file.directive == "proxy_ssl_trusted_certificate"
}

target_of[server.subject] := record.target if {
	some record in input.nginxrules
	some server in record.servers
}

# relying: which file a server verifies each mapped node by.
relying contains {"subject": server, "node": node, "edge": target_of[server], "path": concat(" ", setting.args)} if {
	some pair in proxymap.pairs
	some server in nginx.serving(pair.external.host, pair.external_port)
	some node in inventory.node_of[lower(pair.internal.host)]
	certificates.nodes[node]
	some setting in nginx.settings[server].proxy_ssl_trusted_certificate
}

subjects contains r.subject if some r in relying

# OpenSSL wants a path that ends at a self-signed certificate of the file.
rooted(edge, path, leaf) if {
	some file in files[[edge, path]]
	some above in certificates.line[leaf]
	above in file.digests
	certificates.found[above].self_signed
}

findings contains {
	"subject": r.subject,
	"key": sprintf("%s %s", [r.node, leaf.sha]),
	"message": sprintf("%s has no root for %s, which %s presents", [r.path, certificates.found[leaf.sha].subject_name, r.node]),
	"fix": sprintf("Add the root above %s to %s.", [certificates.found[leaf.sha].issuer_name, r.path]),
	"sources": array.concat([f.source | some f in files[[r.edge, r.path]]], certificates.sources[leaf.sha]),
} if {
	some r in relying
	read_file(r.edge, r.path)
	some leaf in certificates.own[r.node]
	leaf.unit != "tomcat-ecdsa"
	certificates.found[leaf.sha]
	not rooted(r.edge, r.path, leaf.sha)
}

unsure contains {"subject": r.subject, "reason": sprintf("what %s holds is not known", [r.path])} if {
	some r in relying
	not read_file(r.edge, r.path)
}

read_file(edge, path) if {
	some file in files[[edge, path]]
	file.read
}

unsure contains {"subject": r.subject, "reason": sprintf("no certificate of %s is known", [r.node])} if {
	some r in relying
	not certificates.own[r.node]
}
