# METADATA
# title: Exported trust list of a node lacks the CA of the gate
# description: |-
#   With client authentication on, a node talks to a gate only when its trust list has the gate's certificate or the CA
#   above it. The list of one node in a cluster that was forgotten shows at failover only.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_certificate
# custom:
#   severity: high
#   fix: Upload the CA's certificates, or that of the gate, as tomcat-trust on the node and restart the Web Proxy Service.
#   controls: [XC-12, XC-13]
#   bad: "proxy_ssl_certificate of a public CA that tomcat-trust does not hold"
#   good: "proxy_ssl_certificate of a CA whose root is in tomcat-trust"
package policies.xc.gate_certificate_not_in_files

import data.policies.lib.certificates

# shown[edge, leaf]: what each edge shows to nodes, by the directives that say so.
shown[[record.target, leaf]] contains file.source if {
	some record in input.certchain
	some file in record.configured
	file.directive == "proxy_ssl_certificate"
	file.read
	some i, leaf in file.certificates
	i == 0
}

showing contains id[0] if some id, _ in shown

subjects contains subject if {
	some subject, node in certificates.nodes
	node.role in {"finesse", "cuic", "ids", "livedata", "cloudconnect", "uccx"}
}

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [id[0], id[1]]),
	"message": sprintf("%s shows %s, and the trust list has neither it nor a CA above it", [id[0], certificates.found[id[1]].subject_name]),
	"fix": sprintf("Upload the certificate of %s as tomcat-trust on %s.", [certificates.found[id[1]].issuer_name, certificates.nodes[subject].name]),
	"sources": array.flatten([certificates.lists[subject].source, [s | some s in places], certificates.sources[id[1]]]),
} if {
	some subject in subjects
	certificates.lists[subject].complete
	some id, places in shown
	certificates.found[id[1]]
	not certificates.trusts(subject, id[1])
}

unsure contains {"subject": subject, "reason": "its trust list for tomcat is not known"} if {
	some subject in subjects
	not certificates.lists[subject]
}

unsure contains {"subject": subject, "reason": "its trust list for tomcat was not read whole"} if {
	some subject in subjects
	certificates.lists[subject].complete == false
}

unsure contains {"subject": subject, "reason": sprintf("the certificate that %s shows to nodes is not known", [edge.subject])} if {
	some subject in subjects
	some edge in input.site.edges
	not edge.subject in showing
}
