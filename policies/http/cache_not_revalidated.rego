# METADATA
# title: Cached files are not revalidated or refreshed one at a time
# description: |-
#   A cache that does not ask the upstream again serves the files of the last release after an update. One that lets
#   every client refresh at once passes on the very load that it is there to hold back.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_revalidate
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_lock
# custom:
#   severity: low
#   fix: Set proxy_cache_revalidate on, proxy_cache_lock on, and proxy_cache_valid of at most the profile's time.
#   controls: [HTTP-25]
#   bad: "proxy_cache desktop; proxy_cache_valid any 30d;"
#   good: "proxy_cache desktop; proxy_cache_revalidate on; proxy_cache_lock on; proxy_cache_valid 200 301 302 24h;"
package policies.http.cache_not_revalidated

import data.policies.lib.amounts
import data.policies.lib.nginx
import data.policies.lib.places

subjects contains subject if {
	some subject in nginx.exposed_servers
	nginx.servers[subject].proxies
}

# caching: the forwarding places that a cache stands before.
caching contains {"server": l.server, "place": l.place, "source": s.source} if {
	some l in places.forwarding
	some s in places.in_force(l.server, l.place, "proxy_cache")
	count(s.args) > 0
	s.args[0] != "off"
}

findings contains {
	"subject": c.server,
	"key": sprintf("%s %s", [directive, c.place]),
	"message": sprintf("%s has a cache, but %s is off", [c.place, directive]),
	"sources": [c.source],
	"fix": sprintf("%s on;", [directive]),
} if {
	some c in caching
	some directive in {"proxy_cache_revalidate", "proxy_cache_lock"}
	some s in places.in_force(c.server, c.place, directive)
	s.args[0] == "off"
}

findings contains {
	"subject": c.server,
	"key": sprintf("proxy_cache_valid %s %s", [concat(" ", s.args), c.place]),
	"message": sprintf("%s keeps answers for %s; the profile allows %d s", [c.place, s.args[count(s.args) - 1], input.profile.parameters.http.cache_seconds]),
	"sources": [s.source],
	"fix": "proxy_cache_valid 200 301 302 24h;",
} if {
	some c in caching
	some s in places.in_force(c.server, c.place, "proxy_cache_valid")
	amounts.seconds(s.args[count(s.args) - 1]) > input.profile.parameters.http.cache_seconds
}

unsure contains {"subject": c.server, "reason": sprintf("%s in %s is not known", [directive, c.place])} if {
	some c in caching
	some directive in {"proxy_cache_revalidate", "proxy_cache_lock"}
	count([s | some s in places.in_force(c.server, c.place, directive); s.origin != "unresolved"]) == 0
}

unsure contains {"subject": c.server, "reason": sprintf("%s in %s is not known", [directive, c.place])} if {
	some c in caching
	some directive in {"proxy_cache_revalidate", "proxy_cache_lock"}
	not places.in_force(c.server, c.place, directive)
}

unsure contains {"subject": c.server, "reason": sprintf("proxy_cache_valid %s in %s is not understood", [concat(" ", s.args), c.place])} if {
	some c in caching
	some s in places.in_force(c.server, c.place, "proxy_cache_valid")
	count(s.args) > 0
	not amounts.seconds(s.args[count(s.args) - 1])
}
