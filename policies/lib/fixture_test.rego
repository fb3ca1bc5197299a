# Builders of evidence for the tests of rules. They give each record the fields
# that collectors always fill, so that tests state only what they are about.
package policies.lib.fixture

at(artifact, line, kind) := {
	"artifact": artifact, "line": line, "column": 1, "host": "", "port": 0, "at": "", "vantage": "unknown",
	"origin": {"kind": kind, "version": ""},
}

seen(host, port) := {
	"artifact": "", "line": 0, "column": 0, "host": host, "port": port, "at": "2026-03-01T10:00:00Z", "vantage": "internet",
	"origin": {"kind": "observed", "version": ""},
}

known(value) := {"known": true, "value": value, "origin": {"kind": "observed", "version": ""}}

unknown(zero) := {"known": false, "value": zero, "origin": {"kind": "unresolved", "version": ""}}

# nginx

conf := "rp-a/nginx.conf"

setting(name, args, line) := {"name": name, "args": args, "amount": unknown(0), "unit": "none", "has_variables": false, "source": at(conf, line, "explicit")}

inherited(name, args, line) := object.union(setting(name, args, line), {"source": at(conf, line, "inherited")})

preset(name, args) := object.union(setting(name, args, 0), {"source": at("", 0, "default")})

unresolved(name) := object.union(setting(name, [], 0), {"source": at("", 0, "unresolved")})

amount(name, arg, n, line) := object.union(setting(name, [arg], line), {"amount": known(n)})

exact(name) := {"name": name, "kind": "exact", "source": at(conf, 12, "explicit")}

named(name, kind) := {"name": name, "kind": kind, "source": at(conf, 12, "explicit")}

listen(address, port, tls) := {
	"address": address, "port": port, "unix": startswith(address, "unix:"), "loopback": startswith(address, "127."), "tls": tls, "http2": false,
	"quic": false, "default_server": false, "proxy_protocol": false, "source": at(conf, 11, "explicit"),
}

# server builds "edge/rp-a/server/NAME:PORT" with one name and one TLS listen.
server(name, port, settings, locations) := {
	"subject": sprintf("edge/rp-a/server/%s:%d", [name, port]),
	"names": [exact(name)], "listens": [listen("*", port, true)],
	"settings": settings, "locations": locations,
	"proxies": count([f | some l in locations; some f in l.forwards]) > 0, "tls": true, "source": at(conf, 10, "explicit"),
}

location(modifier, path, settings, forwards) := {
	"modifier": modifier, "path": path, "parent": "", "if": "", "internal": false,
	"settings": settings, "forwards": forwards, "source": at(conf, 30, "explicit"),
}

guard(condition, settings) := object.union(location("prefix", "", settings, []), {"if": condition})

forward(host, port) := {
	"directive": "proxy_pass", "scheme": "https", "host": host, "port": port, "path": "", "upstream": "", "computed": false,
	"source": at(conf, 31, "explicit"),
}

socket(port, servers, explicit) := {
	"address": "*", "port": port, "tls": true, "loopback": false, "servers": [s.subject | some s in servers],
	"default": servers[0].subject, "explicit_default": explicit, "source": at(conf, 11, "explicit"),
}

nginx(servers, sockets) := {
	"target": "edge/rp-a", "version": known("1.25.3"), "flavour": "nginx", "files": [], "problems": [], "main": [], "http": [],
	"servers": servers, "sockets": sockets, "upstreams": [], "maps": [], "secrets": [], "placeholders": [], "source": at(conf, 1, "explicit"),
}

# one server alone on its port

single(settings, locations) := {"nginxrules": [nginx([s], [socket(8445, [s], true)])], "site": site} if {
	s := server("desk-a.agents.example", 8445, settings, locations)
}

# two servers: one that clients reach passes all requests to the other over loopback

relayed(front_settings, door_settings, inner_settings, inner_locations) := {"nginxrules": [nginx([first, second], [socket(8445, [first], true), inner_socket])], "site": site} if {
	door := object.union(forward("127.0.0.1", 8081), {"scheme": "http"})
	first := server("desk-a.agents.example", 8445, front_settings, [location("prefix", "/", door_settings, [door])])
	second := object.union(server("inner", 8081, inner_settings, inner_locations), {"listens": [listen("127.0.0.1", 8081, false)]})
	inner_socket := object.union(socket(8081, [second], false), {"address": "127.0.0.1", "loopback": true, "tls": false})
}

# proxy map

endpoint(text) := {"text": text, "host": parts[0], "port": to_number(parts[1]), "has_port": true, "ip_address": false} if {
	parts := split(text, ":")
	count(parts) == 2
}

endpoint(text) := {"text": text, "host": text, "port": 0, "has_port": false, "ip_address": false} if not contains(text, ":")

entry(internal, external, line) := {
	"subject": sprintf("map/%s", [internal]), "internal": endpoint(internal), "external": endpoint(external),
	"source": at("proxymap.txt", line, "explicit"),
}

proxymap(entries) := [{"target": "site", "byte_order_mark": false, "crlf": false, "entries": entries, "problems": [], "source": at("proxymap.txt", 1, "explicit")}]

# site

node(name, role, host) := {
	"name": name, "subject": sprintf("node/%s", [name]), "role": role, "host": host, "addresses": [], "cluster": "emea", "version": "12.6.1",
	"source": at("site.yaml", 40, "declared"),
}

edge(name, public, private) := {
	"name": name, "subject": sprintf("edge/%s", [name]), "side": "a", "addresses": {"public": public, "private": private},
	"interfaces": {"external": "ens192", "internal": "ens224"}, "source": at("site.yaml", 10, "declared"),
}

site := {
	"edges": [edge("rp-a", ["203.0.113.10"], ["10.9.0.10"])],
	"nodes": [node("fin-a", "finesse", "fin-a.corp.example"), node("cuic-a", "cuic", "cuic-a.corp.example"), node("ld-a", "livedata", "ld-a.corp.example")],
	"load_balancers": [], "integrations": [], "idp": {"host": "sso.example", "metadata": ""}, "source": at("site.yaml", 1, "declared"),
}

# VOS command line

list(values, line) := {
	"known": true, "format": "documented", "source": at("fin-a/cli.txt", line, "explicit"),
	"items": [{"value": v, "source": at("fin-a/cli.txt", (line + i) + 1, "explicit")} | some i, v in values],
}

no_list := {"known": false, "format": "none", "items": [], "source": at("fin-a/cli.txt", 1, "explicit")}

value(text, line) := {"known": true, "format": "documented", "value": text, "source": at("fin-a/cli.txt", line, "explicit")}

no_value := {"known": false, "format": "none", "value": "", "source": at("fin-a/cli.txt", 1, "explicit")}

vos(target, fields) := object.union(
	{
		"target": target, "allowed_hosts": no_list, "config_uris": no_list, "client_auth": no_value, "update_minutes": no_value,
		"version": no_value, "tls_server_minimum": no_value, "tls_client_minimum": no_value, "commands": [], "secrets": [],
		"source": at("fin-a/cli.txt", 1, "explicit"),
	},
	fields,
)

cors(target, component, mode, origins) := {
	"target": target, "component": component, "mode": mode, "mode_source": at("fin-a/cli.txt", 70, "explicit"), "mode_format": "documented",
	"allowed_origins": list(origins, 80), "allowed_headers": no_list, "exposed_headers": no_list, "source": at("fin-a/cli.txt", 1, "explicit"),
}

framing(target, verb, entries) := {"target": target, "verb": verb, "entries": list(entries, 90), "xframe": no_value, "source": at("fin-a/cli.txt", 1, "explicit")}

# TLS posture

posture(target, host, port, fields) := object.union(
	{
		"target": target, "subject": sprintf("%s/listener/%s:%d", [target, host, port]), "host": host, "port": port,
		"versions": [], "suites": [], "groups": [], "chain": [], "server_preference": unknown(false), "dh_bits": unknown(0), "alpn": [],
		"tickets": unknown(false), "resumption": unknown(false), "stapled": unknown(false), "compression": unknown(false),
		"secure_renegotiation": unknown(false), "client_renegotiation": unknown(false), "client_certificate_requested": unknown(false),
		"jarm": unknown(""), "unknown_name": {"answer": "unknown", "certificate": "", "reason": "timeout"},
		"no_name": {"answer": "unknown", "certificate": "", "reason": "timeout"}, "plain_http": unknown(0), "client_hellos": 12, "source": seen(host, port),
	},
	fields,
)

desk(fields) := posture("edge/rp-a", "desk-a.agents.example", 8445, fields)

version(name, answer) := {"version": name, "answer": answer, "reason": "timeout", "by": "crypto/tls", "source": seen("desk-a.agents.example", 8445)}

suite(version_name, name, flags) := object.union(
	{"version": version_name, "id": 1, "name": name, "position": 1, "forward_secret": true, "aead": true, "cbc": false, "broken": false, "why": ""},
	flags,
)

# certificates

certificate(sha, fields) := object.union(
	{
		"subject": sprintf("cert/%s", [sha]), "sha256": sha, "holder": "edge/rp-a", "place": "served", "unit": "", "common_name": "desk-a.agents.example",
		"subject_name": "CN=desk-a.agents.example", "issuer_name": "CN=Example Issuing CA", "serial": "01", "dns_names": ["desk-a.agents.example"],
		"ip_addresses": [], "not_before": "2026-01-01T00:00:00Z", "not_after": "2026-12-31T00:00:00Z", "key_algorithm": "RSA", "key_bits": 3072,
		"signature_hash": "SHA-256", "self_signed": false, "ca": false, "key_usage": [], "ext_key_usage": ["serverAuth"], "has_ext_key_usage": true,
		"critical_extensions": [], "lints": [], "source": seen("desk-a.agents.example", 8445),
		"leaf": true, "email_addresses": [], "uris": [], "validity_days": 364, "key_sha256": sprintf("key of %s", [sha]), "issuer_key_algorithm": "RSA",
		"subject_key_id": "", "authority_key_id": "",
	},
	fields,
)

chain(digests, fields) := object.union(
	{
		"subject": "edge/rp-a/listener/desk-a.agents.example:8445", "place": "served", "host": "desk-a.agents.example", "port": 8445,
		"certificates": digests, "ordered": true, "complete": true, "trusted": known(true), "reason": "", "anchor": "r00t",
		"unit": "", "trust_unit": "", "trust_closed": unknown(false), "trust_missing": "", "source": seen("desk-a.agents.example", 8445),
	},
	fields,
)

certchain(certificates, chains) := [{"target": "edge/rp-a", "certificates": certificates, "chains": chains, "keys": [], "requests": [], "trusts": [], "source": seen("desk-a.agents.example", 8445)}]

# one served leaf

leaf(fields) := {"certchain": certchain([certificate("aa11", fields)], [chain(["aa11"], {})])}

# packet rules

unmatched := {"set": false, "negated": false, "values": []}

matched(values) := {"set": true, "negated": false, "values": values}

packet_rule(chain_name, index, verdict, fields) := object.union(
	{
		"table": "filter", "chain": chain_name, "index": index, "text": "", "verdict": verdict, "goto": false, "unconditional": fields == {},
		"protocol": unmatched, "source_net": unmatched, "dest_net": unmatched, "in_interface": unmatched, "out_interface": unmatched,
		"source_ports": {"set": false, "negated": false, "ranges": []}, "dest_ports": {"set": false, "negated": false, "ranges": []},
		"states": unmatched, "tcp_flags": "", "conn_limit": {"set": false, "above": false, "count": 0, "mask": 0},
		"hash_limit": {"set": false, "above": false, "name": "", "mode": "", "rate": 0, "per": 0, "burst": 0}, "limit": "", "icmp_type": "",
		"comment": "", "options": [], "unmodelled": [], "source": at("rp-a/iptables.txt", 10 + index, "explicit"),
	},
	fields,
)

ports(list_of_ports) := {"set": true, "negated": false, "ranges": [{"from": p, "to": p} | some p in list_of_ports]}

packet_chain(name, policy) := {"table": "filter", "name": name, "built_in": policy != "-", "policy": policy, "source": at("rp-a/iptables.txt", 2, "explicit")}

ruleset(family, chains, rules) := {"target": "edge/rp-a", "family": family, "chains": chains, "rules": rules, "problems": [], "source": at("rp-a/iptables.txt", 1, "explicit")}
