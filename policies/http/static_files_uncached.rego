# METADATA
# title: Static files are not cached
# description: |-
#   Every desktop that starts asks for hundreds of files that are the same for all agents. Without a cache at the gate each
#   of them reaches Finesse, and a shift that logs in together, or a stranger, can slow it down.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache
# custom:
#   severity: low
#   fix: Set proxy_cache with a zone of its own in the locations that forward static files.
#   controls: [HTTP-25]
#   bad: "location /desktop/ { proxy_pass https://finesse_a; }"
#   good: "location /desktop/ { proxy_cache desktop; proxy_cache_valid 200 24h; proxy_pass https://finesse_a; }"
package policies.http.static_files_uncached

import data.policies.lib.places

static(path) if {
	some prefix in input.profile.parameters.http.static_paths
	startswith(path, prefix)
	not personal(path)
}

personal(path) if {
	some prefix in input.profile.parameters.http.personal_paths
	startswith(path, prefix)
}

judged contains l if {
	some l in places.forwarding
	l.modifier in {"prefix", "prefix_no_regex", "exact"}
	static(l.path)
}

subjects contains l.server if some l in judged

# One cached location is enough: which files are static, the site knows better.
cached contains l.server if {
	some l in places.forwarding
	some s in places.in_force(l.server, l.place, "proxy_cache")
	count(s.args) > 0
	s.args[0] != "off"
}

findings contains {
	"subject": subject,
	"key": "proxy_cache",
	"message": sprintf("%s forward static files, and no location of the server has a cache", [concat(", ", sort([l.place | some l in judged; l.server == subject]))]),
	"sources": [l.source | some l in judged; l.server == subject],
	"fix": "proxy_cache desktop; proxy_cache_revalidate on; proxy_cache_lock on; proxy_cache_valid 200 301 302 24h;",
} if {
	some subject in subjects
	not subject in cached
	not subject in unread
}

unread contains l.server if {
	some l in judged
	count([s | some s in places.in_force(l.server, l.place, "proxy_cache"); s.origin != "unresolved"]) == 0
}

unread contains l.server if {
	some l in judged
	not places.in_force(l.server, l.place, "proxy_cache")
}

unsure contains {"subject": subject, "reason": "whether static files are cached is not known"} if {
	some subject in unread
	not subject in cached
}
