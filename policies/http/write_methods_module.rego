# METADATA
# title: WebDAV methods are allowed
# description: |-
#   They let clients write, move and delete files on the gate itself. The desktop never uses them.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_dav_module.html
# custom:
#   severity: high
#   fix: Remove dav_methods.
#   controls: [HTTP-20, CIS-NGX-2.1.2]
#   bad: "dav_methods PUT DELETE;"
#   good: "dav_methods off;"
package policies.http.write_methods_module

import data.policies.lib.hops
import data.policies.lib.nginx

subjects contains subject if some subject in hops.reached

allows(args) if args[0] != "off"

findings contains {
	"subject": subject,
	"key": "dav_methods",
	"message": sprintf("dav_methods %s holds for the whole server", [concat(" ", setting.args)]),
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].dav_methods
	allows(setting.args)
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("dav_methods allows writing in %s", [place]),
	"sources": sources,
} if {
	some subject in subjects
	some place, settings in nginx.overrides.dav_methods[subject]
	sources := [s.source | some s in settings; allows(s.args)]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "dav_methods is not known"} if {
	some subject in subjects
	not nginx.settings[subject].dav_methods
}
