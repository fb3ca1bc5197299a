# METADATA
# title: Program cannot do what a gate needs
# description: |-
#   Without TLS, a way to ask who a client is, or HTTP/2 where the profile wants it, no configuration makes the program a
#   gate for agents. Better to know before the directives are written.
# related_resources:
# - ref: https://nginx.org/en/docs/configure.html
# custom:
#   severity: medium
#   fix: Use a build with the missing modules, such as OpenResty.
#   controls: [GOV-04, CIS-NGX-1.1.1, CIS-NGX-1.1.2]
#   bad: "configure arguments: --without-http_auth_basic_module"
#   good: "configure arguments: --with-http_ssl_module --with-http_v2_module --with-http_auth_request_module"
package policies.http.program_lacks_capability

import data.policies.lib.releases
import data.policies.lib.usage

subjects contains target if some target in releases.edges

# capabilities: what a gate needs, with the modules that give it.
capabilities contains {"name": "TLS", "modules": {"http_ssl_module"}}

capabilities contains {
	"name": "an authentication of requests",
	"modules": {"http_auth_request_module", "ngx_lua", "lua-nginx-module", "http_js_module", "http_auth_jwt_module"},
}

capabilities contains {"name": "HTTP/2", "modules": {"http_v2_module"}} if input.profile.parameters.http2 != "forbidden"

has_module(target, modules) if {
	some module in modules
	module in releases.modules[target]
}

has_module(target, modules) if {
	some loaded in usage.loaded[target]
	sprintf("%s_module", [loaded.module]) in modules
}

has_capability(target, _, modules) if has_module(target, modules)

has_capability(target, "an authentication of requests", _) if releases.programs[target].lua

has_capability(target, "an authentication of requests", _) if {
	some loaded in usage.loaded[target]
	contains(loaded.module, "http_lua")
}

findings contains {
	"subject": target,
	"key": c.name,
	"message": sprintf("%s %s was built without %s", [program.flavour, program.release, c.name]),
	"sources": [program.source],
	"fix": sprintf("Use a build with one of %s.", [concat(", ", sort([m | some m in c.modules]))]),
} if {
	some target in subjects
	program := releases.programs[target]
	program.complete
	some c in capabilities
	not has_capability(target, c.name, c.modules)
}

unsure contains {"subject": target, "reason": sprintf("the configure arguments were not read to their end: whether the build has %s is not known", [c.name])} if {
	some target in subjects
	program := releases.programs[target]
	not program.complete
	some c in capabilities
	not has_capability(target, c.name, c.modules)
}

unsure contains {"subject": target, "reason": "the program is not known"} if some target in releases.unread
