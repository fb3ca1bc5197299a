# METADATA
# title: A path that the site exposes on purpose cannot be used
# description: |-
#   A surface of the site's own says what agents and partners need beyond what the product publishes. Where no request
#   reaches such a path, with this method, those who need it are locked out, or the surface promises what nobody wants.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: "Forward the path with its methods, or take it out of the site's surface."
#   controls: [HTTP-04]
#   bad: |-
#     paths: [{path: /ccp/**, methods: [GET]}] and no location for /ccp/
#   good: |-
#     location /ccp/ { limit_except GET { deny all; } proxy_pass https://chat_a; }
package policies.http.declared_path_unreachable

# What the product's own list has is not wanted at every site.
own(source) if source.artifact == trim_prefix(input.site.surface, "./")

subjects contains proof.target if {
	input.site.surface != ""
	some proof in input.exposure
}

findings contains {
	"subject": proof.target,
	"key": sprintf("%s %s", [path.component, path.template]),
	"message": sprintf("no request reaches %s of %s with %s, which the site's surface lists", [path.template, path.component, concat(", ", path.methods)]),
	"sources": [path.source, proof.source],
} if {
	some proof in input.exposure
	some path in proof.unreachable
	own(path.source)
}

unsure contains {"subject": proof.target, "reason": sprintf("the proof is open at %s:%d: %s", [part.source.artifact, part.source.line, part.reason])} if {
	some proof in input.exposure
	some part in proof.undecided
}
