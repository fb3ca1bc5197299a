# METADATA
# title: Directories are listed
# description: |-
#   A listing shows every file below a path, with backups and leftovers that no link mentions. On the gate that
#   includes its map and its caches.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_autoindex_module.html
# custom:
#   severity: medium
#   fix: Remove autoindex on.
#   controls: [HTTP-20, CIS-NGX-2.1.4]
#   bad: "autoindex on;"
#   good: "autoindex off;"
package policies.http.directory_listing

import data.policies.lib.hops
import data.policies.lib.nginx

subjects contains subject if some subject in hops.reached

findings contains {
	"subject": subject,
	"key": "autoindex",
	"message": "autoindex is on for the whole server",
	"sources": [setting.source],
} if {
	some subject in subjects
	some setting in nginx.settings[subject].autoindex
	setting.args[0] == "on"
}

findings contains {
	"subject": subject,
	"key": place,
	"message": sprintf("autoindex is on in %s", [place]),
	"sources": sources,
} if {
	some subject in subjects
	some place, settings in nginx.overrides.autoindex[subject]
	sources := [s.source | some s in settings; s.args[0] == "on"]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "autoindex is not known"} if {
	some subject in subjects
	not nginx.settings[subject].autoindex
}
