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

findings contains {
	"subject": l.server,
	"key": l.place,
	"message": sprintf("%s forwards static files without a cache", [l.place]),
	"sources": [l.source],
	"fix": sprintf("In %s: proxy_cache desktop; proxy_cache_revalidate on; proxy_cache_lock on; proxy_cache_valid 200 301 302 24h;", [l.place]),
} if {
	some l in judged
	some s in places.in_force(l.server, l.place, "proxy_cache")
	s.args[0] == "off"
}

unsure contains {"subject": l.server, "reason": sprintf("whether %s has a cache is not known", [l.place])} if {
	some l in judged
	count([s | some s in places.in_force(l.server, l.place, "proxy_cache"); s.origin != "unresolved"]) == 0
}

unsure contains {"subject": l.server, "reason": sprintf("whether %s has a cache is not known", [l.place])} if {
	some l in judged
	not places.in_force(l.server, l.place, "proxy_cache")
}
