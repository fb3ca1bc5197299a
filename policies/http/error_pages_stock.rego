# METADATA
# title: Stock error pages name the server
# description: |-
#   nginx signs its own error pages with its name, which tells a stranger what answers before anything else does. Pages
#   of the site's own say only what its users need.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page
# custom:
#   severity: low
#   fix: Set error_page for the statuses of the profile in every forwarding server.
#   controls: [HTTP-16, CIS-NGX-2.5.2]
#   bad: "(no error_page)"
#   good: "error_page 403 404 500 502 503 504 @refused;"
package policies.http.error_pages_stock

import data.policies.lib.nginx
import data.policies.lib.places

subjects contains subject if {
	some subject in nginx.exposed_servers
	nginx.servers[subject].proxies
}

wanted := {sprintf("%d", [status]) | some status in input.profile.parameters.http.error_pages}

# judged: the server block itself, and each location whose own error_page
# replaces that of the server.
judged contains [subject, "server"] if some subject in subjects

judged contains id if {
	some id, by_name in places.of_location
	id[0] in subjects
	by_name.error_page
}

covered[id] contains code if {
	some id in judged
	some setting in places.in_force(id[0], id[1], "error_page")
	some i, code in setting.args
	i < count(setting.args) - 1
}

codes := covered

codes_of(id) := codes[id]

codes_of(id) := set() if not codes[id]

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s has no error_page for %s", [id[1], concat(" ", missing)]),
	"sources": array.concat(own_sources(id[0], id[1]), [nginx.servers[id[0]].source]),
	"fix": sprintf("error_page %s @refused;", [concat(" ", missing)]),
} if {
	some id in judged
	missing := wanted - codes_of(id)
	count(missing) > 0
}

own_sources(server, place) := [s.source | some s in places.of_location[[server, place]].error_page]

own_sources(_, place) := [] if place == "server"
