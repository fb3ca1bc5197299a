# METADATA
# title: Container asks a resolver on the internet
# description: |-
#   A public resolver learns the names of the inner network with every question, and its answers decide where
#   credentials are sent. The gate has no business outside in the first place.
# custom:
#   severity: medium
#   fix: Set CONTAINER_DNS_RESOLVER to resolvers of the site, and declare them in zones.resolvers.
#   controls: [HOST-18]
#   optional: [env]
#   bad: CONTAINER_DNS_RESOLVER="1.1.1.1|8.8.8.8"
#   good: CONTAINER_DNS_RESOLVER="10.9.0.53"
package policies.env.public_resolver

import data.policies.lib.env
import data.policies.lib.networks

subjects contains edge if some edge in env.declared

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), resolver]),
	"message": sprintf("CONTAINER_DNS_RESOLVER in %s names %s, which is no resolver of the site", [env.words(p.file), resolver]),
	"fix": fix,
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.CONTAINER_DNS_RESOLVER
	some resolver in p.list
	not of_site(resolver)
}

of_site(resolver) if resolver in input.site.zones.resolvers

of_site(resolver) if {
	some private in {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"}
	net.cidr_contains(private, networks.cidr(resolver))
}

fix := sprintf(`CONTAINER_DNS_RESOLVER="%s"`, [concat("|", input.site.zones.resolvers)]) if count(input.site.zones.resolvers) > 0

fix := "Set CONTAINER_DNS_RESOLVER to resolvers of the site." if count(input.site.zones.resolvers) == 0

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.CONTAINER_DNS_RESOLVER
}

unsure contains u if some u in env.unread
