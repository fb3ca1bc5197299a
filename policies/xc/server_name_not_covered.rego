# METADATA
# title: Certificate file does not cover a name that its server serves
# description: |-
#   The file is what the next reload presents. A name of the server, or of a map entry that leads to it, which the
#   certificate lacks makes browsers refuse the page, although the configuration loads without a word.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate
# - ref: https://www.rfc-editor.org/rfc/rfc9525#section-6.3
# custom:
#   severity: high
#   fix: Have the certificate issued again with every server_name among its DNS names, or name another file in ssl_certificate.
#   controls: [XC-12, CRT-03]
#   bad: "server_name desk-b.agents.example; with a certificate for desk-a.agents.example"
#   good: "server_name desk-b.agents.example; with a certificate for desk-b.agents.example"
package policies.xc.server_name_not_covered

import data.policies.lib.certificates
import data.policies.lib.nginx
import data.policies.lib.proxymap

# read_files[edge, path]: the files that directives name, by their text there.
read_files[[record.target, file.path]] contains {"read": file.read, "reason": file.reason, "digests": file.certificates} if {
	some record in input.certchain
	some file in record.configured
	file.directive == "ssl_certificate"
}

presenting contains {"subject": server.subject, "target": record.target, "path": concat(" ", setting.args), "computed": setting.has_variables, "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in nginx.tls_servers
	some setting in server.settings
	setting.name == "ssl_certificate"
	setting.source.artifact != ""
}

subjects contains p.subject if some p in presenting

names[server.subject] contains lower(name.name) if {
	some record in input.nginxrules
	some server in record.servers
	some name in server.names
	name.kind in {"exact", "leading_wildcard"}
	contains(name.name, ".")
}

# A dot before a name stands for it and for all below it.
names[server.subject] contains lower(trim_prefix(name.name, ".")) if {
	some record in input.nginxrules
	some server in record.servers
	some name in server.names
	name.kind == "dot"
}

names[server] contains lower(pair.external.host) if {
	some pair in proxymap.pairs
	some server in nginx.serving(pair.external.host, pair.external_port)
}

findings contains {
	"subject": p.subject,
	"key": sprintf("%s %s", [p.path, name]),
	"message": sprintf("the certificate in %s does not name %s", [p.path, name]),
	"sources": array.concat([p.source], certificates.sources[leaf]),
} if {
	some p in presenting
	some file in read_files[[p.target, p.path]]
	file.read
	some i, leaf in file.digests
	i == 0
	certificates.found[leaf]
	some name in names[p.subject]
	not certificates.names_host(leaf, name)
}

unsure contains {"subject": p.subject, "reason": sprintf("which certificate %s means depends on the request", [p.path])} if {
	some p in presenting
	p.computed
}

unsure contains {"subject": p.subject, "reason": sprintf("the certificate in %s is not known", [p.path])} if {
	some p in presenting
	not p.computed
	not was_read(p.target, p.path)
}

was_read(target, path) if {
	some file in read_files[[target, path]]
	file.read
}
