# METADATA
# title: Upstream is reached without verified TLS
# description: |-
#   Whoever stands between the gate and a node then reads credentials and writes answers. The gate has to verify the
#   node's certificate against a pinned list of authorities, under the node's own name.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify
# custom:
#   severity: high
#   fix: Pass requests to https, and set proxy_ssl_verify on, proxy_ssl_trusted_certificate, proxy_ssl_verify_depth 4 and proxy_ssl_server_name on.
#   controls: [UP-06, CIS-NGX-4.1.10]
#   bad: proxy_ssl_verify off;
#   good: |-
#     proxy_ssl_verify on; proxy_ssl_verify_depth 4;
#     proxy_ssl_trusted_certificate ssl/upstream-ca.pem;
package policies.upstream.unverified

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.servers

gate := input.profile.parameters.gate

findings contains {
	"subject": r.server,
	"key": sprintf("%s clear text", [r.place]),
	"message": sprintf("%s passes requests on in clear text to %s", [r.place, hosts]),
	"fix": sprintf("Let %s pass requests to https.", [r.place]),
	"sources": sort([t.source | some t in open_targets]),
} if {
	some r in forwarding.routes
	open_targets := {t | some t in forwarding.targets[r.at]; t.scheme in {"http", "grpc", ""}}
	count(open_targets) > 0
	hosts := concat(" and ", sort({sprintf("%s:%d", [t.host, t.port]) | some t in open_targets}))
}

secured contains r if {
	some r in forwarding.routes
	some t in forwarding.targets[r.at]
	not t.scheme in {"http", "grpc", ""}
}

# A scheme that the request decides may be either.
unsure contains {"subject": r.server, "reason": sprintf("whether %s passes requests on in clear text depends on %s", [r.place, t.scheme])} if {
	some r in forwarding.routes
	some t in forwarding.targets[r.at]
	contains(t.scheme, "$")
}

unsure contains {"subject": r.server, "reason": sprintf("what %s makes of %s is not known", [r.place, s.args[0]])} if {
	some r in secured
	some s in forwarding.effective(r.at, r.server, "proxy_ssl_name")
	contains(s.args[0], "$")
	not regex.match(chosen, lower(s.args[0]))
	s.args[0] != "$proxy_host"
}

findings contains {
	"subject": r.server,
	"key": sprintf("%s %s", [r.place, name]),
	"message": sprintf("%s has %s off", [r.place, name]),
	"fix": sprintf("%s on;", [name]),
	"sources": places,
} if {
	some r in secured
	some name in {"proxy_ssl_verify", "proxy_ssl_server_name"}
	places := sort([s.source | some s in forwarding.effective(r.at, r.server, name); s.args == ["off"]])
	count(places) > 0
}

findings contains {
	"subject": r.server,
	"key": sprintf("%s proxy_ssl_trusted_certificate", [r.place]),
	"message": sprintf("%s names no authorities that certify the node", [r.place]),
	"fix": "proxy_ssl_trusted_certificate ssl/upstream-ca.pem;",
	"sources": [r.source],
} if {
	some r in secured
	not forwarding.effective(r.at, r.server, "proxy_ssl_trusted_certificate")
}

findings contains {
	"subject": r.server,
	"key": sprintf("%s proxy_ssl_verify_depth", [r.place]),
	"message": sprintf("%s accepts chains of up to %d certificates; %d to %d are wanted", [r.place, depths[0].depth, gate.verify_depth_least, gate.verify_depth_most]),
	"fix": sprintf("proxy_ssl_verify_depth %d;", [gate.verify_depth_least]),
	"sources": [d.source | some d in depths],
} if {
	some r in secured
	depths := sort([d |
		some s in forwarding.effective(r.at, r.server, "proxy_ssl_verify_depth")
		s.amount.known
		not within(s.amount.value)
		d := {"depth": s.amount.value, "source": s.source}
	])
	count(depths) > 0
}

within(depth) if {
	depth >= gate.verify_depth_least
	depth <= gate.verify_depth_most
}

# chosen: variables with what the client sent.
chosen := `\$\{?(host\b|http_|arg_|args\b|cookie_|query_string\b|ssl_server_name\b|uri\b|request_uri\b|document_uri\b)`

# The name that the certificate has to bear comes from the configuration, never from
# the request.
findings contains {
	"subject": r.server,
	"key": sprintf("%s proxy_ssl_name", [r.place]),
	"message": sprintf("%s verifies the certificate under a name that the client chooses", [r.place]),
	"fix": "Set proxy_ssl_name to the node's own name.",
	"sources": places,
} if {
	some r in secured
	places := sort([s.source | some s in forwarding.effective(r.at, r.server, "proxy_ssl_name"); regex.match(chosen, lower(s.args[0]))])
	count(places) > 0
}

unsure contains {"subject": r.server, "reason": sprintf("whether %s verifies upstreams is not known", [r.place])} if {
	some r in secured
	not forwarding.effective(r.at, r.server, "proxy_ssl_verify")
}
