# METADATA
# title: Answers that belong to one agent may be cached
# description: |-
#   A cache that keeps them hands one agent's data to the next who asks for the same address. The same happens when the
#   cache is told to overlook cookies, or when its key leaves out a part of the address.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_key
# - ref: https://www.rfc-editor.org/rfc/rfc9111#section-3
# custom:
#   severity: high
#   fix: Set proxy_cache off where answers belong to one user, do not ignore Set-Cookie or Cache-Control, and key by host, path and query.
#   controls: [HTTP-26]
#   bad: "location /finesse/api/User/ { proxy_cache rest; }"
#   good: "location /finesse/api/User/ { proxy_cache off; }"
package policies.http.personal_content_cached

import data.policies.lib.hops
import data.policies.lib.nginx
import data.policies.lib.places

subjects contains subject if {
	some subject in hops.reached
	nginx.servers[subject].proxies
}

caching contains {"server": l.server, "place": l.place, "path": l.path, "modifier": l.modifier, "source": s.source} if {
	some l in places.forwarding
	some s in places.in_force(l.server, l.place, "proxy_cache")
	count(s.args) > 0
	s.args[0] != "off"
}

# A location reaches personal answers when it stands below one of their
# prefixes, in any case of letters, since upstreams may fold them.
personal(path) if {
	some prefix in input.profile.parameters.http.personal_paths
	startswith(lower(path), lower(prefix))
}

personal("/")

# It reaches them as well when it stands above a prefix and no narrower location
# takes what lies below that.
reaches(_, path, _) if personal(path)

reaches(server, path, modifier) if {
	modifier in {"prefix", "prefix_no_regex"}
	some prefix in input.profile.parameters.http.personal_paths
	startswith(lower(prefix), lower(path))
	not taken(server, path, lower(prefix))
	not static(path)
}

# The desktop's own files are made to be cached, although its sign-on stands below them.
static(path) if {
	some files in input.profile.parameters.http.static_paths
	startswith(path, files)
}

taken(server, path, prefix) if {
	some narrower in plain_paths[server]
	startswith(prefix, narrower)
	startswith(narrower, lower(path))
	count(narrower) > count(path)
}

plain_paths[l.server] contains lower(l.path) if {
	some l in places.locations
	l.modifier in {"prefix", "prefix_no_regex"}
}

findings contains {
	"subject": c.server,
	"key": c.place,
	"message": sprintf("%s has a cache, but what it forwards belongs to the user who asks", [c.place]),
	"sources": [c.source],
	"fix": sprintf("In %s: proxy_cache off;", [c.place]),
} if {
	some c in caching
	c.modifier in {"prefix", "prefix_no_regex", "exact"}
	reaches(c.server, c.path, c.modifier)
}

# What a pattern surely begins with; a pattern without an anchor begins with nothing.
beginning(pattern) := trim_prefix(regex.find_n(`^\^?[A-Za-z0-9/_-]*`, pattern, 1)[0], "^") if startswith(pattern, "^")

beginning(pattern) := "" if not startswith(pattern, "^")

# may_meet holds when a path could begin with both.
may_meet(start, prefix) if startswith(start, prefix)

may_meet(start, prefix) if startswith(prefix, start)

findings contains {
	"subject": c.server,
	"key": c.place,
	"message": sprintf("%s has a cache, but what it forwards belongs to the user who asks", [c.place]),
	"sources": [c.source],
	"fix": sprintf("In %s: proxy_cache off;", [c.place]),
} if {
	some c in caching
	c.modifier in {"regex", "regex_fold"}
	personal(beginning(c.path))
}

unsure contains {"subject": c.server, "reason": sprintf("which paths the cached %s takes is not derived from its pattern", [c.place])} if {
	some c in caching
	c.modifier in {"regex", "regex_fold"}
	start := beginning(c.path)
	not personal(start)
	some prefix in input.profile.parameters.http.personal_paths
	may_meet(lower(start), lower(prefix))
}

telling := {"set-cookie", "cache-control", "vary"}

findings contains {
	"subject": c.server,
	"key": sprintf("proxy_ignore_headers %s", [c.place]),
	"message": sprintf("%s caches answers although their %s forbids it", [c.place, concat(", ", ignored)]),
	"sources": [s.source | some s in places.in_force(c.server, c.place, "proxy_ignore_headers")],
	"fix": sprintf("Remove %s from proxy_ignore_headers in %s.", [concat(", ", ignored), c.place]),
} if {
	some c in caching
	ignored := {lower(arg) | some s in places.in_force(c.server, c.place, "proxy_ignore_headers"); some arg in s.args} & telling
	count(ignored) > 0
}

findings contains {
	"subject": c.server,
	"key": sprintf("proxy_cache_methods %s", [c.place]),
	"message": sprintf("%s caches answers to POST", [c.place]),
	"sources": [s.source],
	"fix": "proxy_cache_methods GET HEAD;",
} if {
	some c in caching
	some s in places.in_force(c.server, c.place, "proxy_cache_methods")
	"POST" in s.args
}

names_host(key) if regex.match(`\$\{?(host|http_host|server_name|proxy_host|ssl_server_name)\b`, key)

names_address(key) if regex.match(`\$\{?request_uri\b`, key)

names_address(key) if {
	regex.match(`\$\{?(uri|document_uri)\b`, key)
	regex.match(`\$\{?(args|query_string)\b`, key)
}

whole_key(key) if {
	names_host(key)
	names_address(key)
}

findings contains {
	"subject": c.server,
	"key": sprintf("proxy_cache_key %s", [c.place]),
	"message": sprintf("the cache key of %s is %s; it leaves out the host or a part of the address", [c.place, key]),
	"sources": [s.source],
	"fix": "proxy_cache_key $scheme$host$request_uri;",
} if {
	some c in caching
	some s in places.in_force(c.server, c.place, "proxy_cache_key")
	key := concat("", s.args)
	not whole_key(key)
}
