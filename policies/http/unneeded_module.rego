# METADATA
# title: Module without use at the gate is loaded
# description: |-
#   Each module that reads requests or files is code that a stranger may reach, and several published faults of nginx sat
#   in modules that no gate needs. What is neither loaded nor configured cannot be attacked.
# related_resources:
# - ref: https://nginx.org/en/docs/ngx_core_module.html#load_module
# custom:
#   severity: low
#   fix: Remove the load_module line, or the directive that puts the module to use.
#   controls: [CIS-NGX-2.1.1]
#   bad: "load_module modules/ngx_http_perl_module.so;"
#   good: "(only modules that the configuration uses)"
package policies.http.unneeded_module

import data.policies.lib.nginx
import data.policies.lib.usage

subjects contains target if some target in nginx.read_targets

findings contains {
	"subject": target,
	"key": sprintf("load %s", [m.module]),
	"message": sprintf("%s is loaded; no gate has a use for it", [m.file]),
	"sources": [m.source],
	"fix": sprintf("Remove: load_module %s;", [m.file]),
} if {
	some target in subjects
	some m in usage.loaded[target]
	some unneeded in input.profile.parameters.http.unneeded_modules
	m.module == unneeded.module
}

findings contains {
	"subject": target,
	"key": sprintf("use %s", [unneeded.directive]),
	"message": sprintf("%s puts the module %s to use; no gate needs it", [unneeded.directive, unneeded.module]),
	"sources": [s | some s in sources],
	"fix": sprintf("Remove %s.", [unneeded.directive]),
} if {
	some target in subjects
	some unneeded in input.profile.parameters.http.unneeded_modules
	sources := usage.by_edge[target][unneeded.directive]
}
