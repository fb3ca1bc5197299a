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

# needs: each capability, with the modules that give it.
needs := {
	"TLS": {"http_ssl_module"},
	"an authentication of requests": {"http_auth_request_module", "ngx_lua", "lua-nginx-module", "http_js_module", "http_auth_jwt_module"},
}

capabilities[name] := modules if some name, modules in needs

capabilities["HTTP/2"] := {"http_v2_module"} if input.profile.parameters.http2 != "forbidden"

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
	"key": name,
	"message": sprintf("%s %s was built without %s", [program.flavour, program.release, name]),
	"sources": [program.source],
	"fix": sprintf("Use a build with one of %s.", [concat(", ", sort([m | some m in modules]))]),
} if {
	some target in subjects
	program := releases.programs[target]
	program.complete
	some name, modules in capabilities
	not has_capability(target, name, modules)
}

unsure contains {"subject": target, "reason": sprintf("the configure arguments were not read to their end: whether the build has %s is not known", [name])} if {
	some target in subjects
	program := releases.programs[target]
	not program.complete
	some name, modules in capabilities
	not has_capability(target, name, modules)
}

unsure contains {"subject": target, "reason": "the program is not known"} if some target in releases.unread
