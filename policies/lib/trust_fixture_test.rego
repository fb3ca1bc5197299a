# Builders of certificates, trust lists and single sign-on for the tests of rules.
package policies.lib.trust_fixture

import data.policies.lib.fixture

# What a node has: one file of its own, and a trust list.

file(name) := fixture.at(name, 1, "explicit")

node_certificate(node, sha, fields) := fixture.certificate(sha, object.union(
	{
		"holder": sprintf("node/%s", [node]), "place": "file", "unit": "tomcat", "source": file(sprintf("%s/certs/tomcat.pem", [node])),
		"common_name": sprintf("%s.corp.example", [node]), "dns_names": [sprintf("%s.corp.example", [node])],
		"subject_name": sprintf("CN=%s.corp.example", [node]), "issuer_name": "CN=Corp Root", "ext_key_usage": ["serverAuth", "clientAuth"],
	},
	fields,
))

node_chain(node, sha, fields) := fixture.chain([sha], object.union(
	{
		"subject": sprintf("node/%s/file/tomcat.pem", [node]), "place": "file", "unit": "tomcat", "host": "", "port": 0,
		"trust_unit": "tomcat-trust", "trust_closed": fixture.known(true), "source": file(sprintf("%s/certs/tomcat.pem", [node])),
	},
	fields,
))

served(node, sha, port) := fixture.chain([sha], {
	"subject": sprintf("node/%s/listener/%s.corp.example:%d", [node, node, port]), "host": sprintf("%s.corp.example", [node]), "port": port,
	"source": fixture.seen(sprintf("%s.corp.example", [node]), port),
})

trust_list(node, digests) := {
	"subject": sprintf("node/%s/trust/tomcat-trust", [node]), "unit": "tomcat-trust", "certificates": digests, "complete": true,
	"source": fixture.at(sprintf("%s/certs/tomcat-trust", [node]), 0, "explicit"),
}

record(target, certificates, chains, trusts) := {"target": target, "certificates": certificates, "chains": chains, "keys": [], "requests": [], "trusts": trusts, "source": fixture.at("site.yaml", 40, "declared")}

root(holder, sha, name) := fixture.certificate(sha, {
	"holder": holder, "place": "trust", "unit": "tomcat-trust", "leaf": false, "common_name": name, "subject_name": sprintf("CN=%s", [name]),
	"issuer_name": sprintf("CN=%s", [name]), "dns_names": [], "self_signed": true, "ca": true, "has_ext_key_usage": false, "ext_key_usage": [],
	"source": file(sprintf("%s/certs/tomcat-trust/%s.pem", [trim_prefix(holder, "node/"), sha])),
})

# node is a sound node: its own certificate and the root in its list.
node(name, sha) := record(
	sprintf("node/%s", [name]),
	[node_certificate(name, sha, {}), root(sprintf("node/%s", [name]), "r00t", "Corp Root")],
	[node_chain(name, sha, {})],
	[trust_list(name, ["r00t"])],
)

declared(name, role) := fixture.node(name, role, sprintf("%s.corp.example", [name]))

site(nodes) := object.union(fixture.site, {"nodes": nodes, "out_of_scope": []})

# single sign-on

profile := {"parameters": {
	"rsa_bits": 2048, "certificate_days_left": 30,
	"trust": {
		"cti": {"secured_port": 42030, "plain_port": 42027, "instance_step": 2000, "side_step": 1000, "release": [12, 0], "rsa_bits": 2048, "tls_required": "TLSv1.2"},
		"sso": {"desktop_client": "FINESSE", "authcode_path": "/desktop/sso/authcode", "desktop_ports": [8445, 443], "service_ports": [8553], "services_per_side": 1},
	},
}}

saml(fields) := object.union(
	{
		"target": "site", "documents": [], "entities": [], "endpoints": [], "keys": [], "redirects": [], "clients": [],
		"source": fixture.at("site.yaml", 1, "declared"),
	},
	fields,
)

document(role, fields) := object.union(
	{
		"subject": sprintf("saml/%s", [role]), "role": role, "root": "EntityDescriptor", "entities": 1, "nested_entities": 0, "duplicate_ids": [],
		"signatures": [], "valid_until": fixture.unknown(""), "complete": true, "source": metadata(role, 1),
	},
	fields,
)

metadata(role, line) := fixture.at(sprintf("sso/%s.xml", [role]), line, "explicit")

entity(role, id, fields) := object.union(
	{
		"document": sprintf("saml/%s", [role]), "role": role, "entity_id": id, "host": id, "port": 0, "nested": false, "service_provider": startswith(role, "sp"),
		"identity_provider": role == "idp", "valid_until": fixture.unknown(""), "want_assertions_signed": fixture.known(true), "source": metadata(role, 2),
	},
	fields,
)

endpoint(role, host, port, fields) := object.union(
	{
		"document": sprintf("saml/%s", [role]), "role": role, "nested": false, "descriptor": "SPSSODescriptor", "service": "AssertionConsumerService",
		"binding": "HTTP-POST", "url": sprintf("https://%s:%d/ids/saml/response", [host, port]), "response_url": "", "scheme": "https", "host": host,
		"port": port, "has_port": true, "path": "/ids/saml/response", "default": true, "source": metadata(role, 21),
	},
	fields,
)

key(role, sha, fields) := object.union(
	{
		"document": sprintf("saml/%s", [role]), "role": role, "nested": false, "use": "signing", "sha256": sha, "subject_name": "CN=signing",
		"not_before": "2026-01-01T00:00:00Z", "not_after": "2027-06-01T00:00:00Z", "key_algorithm": "RSA", "key_bits": 2048, "signature_hash": "SHA256",
		"source": metadata(role, 7),
	},
	fields,
)

client(name) := {"client": name, "redirects": 1, "source": fixture.at("sso/ids-clients.yaml", 2, "explicit")}

redirect(name, host, fields) := object.union(
	{
		"client": name, "url": sprintf("https://%s:8445/desktop/sso/authcode", [host]), "absolute": true, "scheme": "https", "host": host, "port": 8445,
		"has_port": true, "path": "/desktop/sso/authcode", "wildcard": false, "query": false, "fragment": false,
		"source": fixture.at("sso/ids-clients.yaml", 4, "explicit"),
	},
	fields,
)

# names in the internet

dns(view, names) := {"target": "site", "subject": sprintf("dns/%s", [view]), "view": view, "names": names, "source": fixture.at("dns.txt", 1, "explicit")}

name(host, status, addresses) := {"name": host, "types": ["A"], "status": status, "addresses": addresses, "aliases": [], "reason": "", "source": fixture.at("dns.txt", 4, "explicit")}

# CTI

peer(host, port) := {"host": host, "port": fixture.known(port), "source": fixture.at("systemconfig.xml", 5, "explicit")}

# cti is one declared server and the settings of one Finesse.
cti(server, setting) := {
	"profile": profile,
	"site": site([declared("fin-a", "finesse")]),
	"certchain": [],
	"cti": [{
		"target": "site", "source": fixture.at("site.yaml", 1, "declared"),
		"declared": [object.union(
			{
				"subject": "cti/CG1-a", "instance": "CG1", "instance_number": fixture.known(1), "side": "a", "secured_port": fixture.known(42030),
				"mode": "secured", "unit": "cti/CG1-a", "host": "", "live": false, "listener": "", "source": fixture.at("site.yaml", 94, "declared"),
			},
			server,
		)],
		"settings": [object.union(
			{
				"a": peer("pg-a.corp.example", 42030), "b": peer("pg-b.corp.example", 43030), "peripheral_id": fixture.known(5000),
				"secure": fixture.known(true), "source": fixture.at("systemconfig.xml", 4, "explicit"),
			},
			setting,
		)],
	}],
}

# cti_trust adds the certificates of the gateway and of the Finesse.
cti_trust(gateway, desktop) := object.union(cti({}, {}), {"certchain": [
	record("node/fin-a", [node_certificate("fin-a", "aa11", desktop), root("node/fin-a", "r00t", "Corp Root")], [node_chain("fin-a", "aa11", {})], [trust_list("fin-a", ["r00t"])]),
	record(
		"site",
		[
			node_certificate("pg-a", "9a7e", object.union({"holder": "site", "unit": "cti/CG1-a", "source": file("cti/a/host.pem")}, gateway)),
			object.union(root("site", "r00t", "Corp Root"), {"unit": "cti/CG1-a"}),
		],
		[fixture.chain(["9a7e"], {"subject": "cti/CG1-a/file/host.pem", "place": "file", "unit": "cti/CG1-a", "host": "", "port": 0, "source": file("cti/a/host.pem")})],
		[],
	),
]})

# gadgets

layout(resources, files) := {"target": "site", "resources": resources, "gadget_files": files, "source": fixture.at("layout.xml", 1, "explicit")}

resource(host, fields) := object.union(
	{
		"kind": "gadget", "url": sprintf("https://%s/crm.xml", [host]), "relative": false, "scheme": "https", "host": host, "port": 443, "has_port": false,
		"ip_address": false, "short": false, "path": "/crm.xml", "jsp": false, "parameters": [], "source": fixture.at("layout.xml", 35, "explicit"),
	},
	fields,
)
