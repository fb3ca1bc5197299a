# Who is believed about the client's address, and who is exempt from limits: what the
# site file declares, what nginx is told, and what the installer's files say.
package policies.lib.balancers

import data.policies.lib.env
import data.policies.lib.inventory
import data.policies.lib.limits
import data.policies.lib.networks

# declared: a load balancer stands before the gate. addresses are those of them that
# are no names, in one spelling.
declared if count(input.site.load_balancers) > 0

addresses := {networks.cidr(b) | some b in input.site.load_balancers}

# trusted[edge]: what set_real_ip_from names, with its places.
trusted := trusted_groups

trusted_groups[record.target][setting.args[0]] contains setting.source if {
	some record in input.nginxrules
	some setting in record.http
	setting.name == "set_real_ip_from"
}

trusted_groups[record.target][setting.args[0]] contains setting.source if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "set_real_ip_from"
}

# installed[edge]: what NGX_LOAD_BALANCER_IPS names, with its places.
installed := installed_groups

installed_groups[edge][item] contains p.source if {
	some edge, by_name in env.properties
	some p in by_name.NGX_LOAD_BALANCER_IPS
	p.set
	some item in p.list
}

# own: the addresses of all edges, loopback, and the load balancers, which are the
# only ones that may be exempt.
own contains networks.cidr(address) if some address, _ in inventory.edge_addresses

own contains network if some network in {"127.0.0.0/8", "127.0.0.1/32", "::1/128"}

own contains network if some network in addresses

# may_be_exempt holds for what lies within one of these.
may_be_exempt(item) if networks.cidr(item) in own

# exempt[edge]: the networks that a geo block, or a map by address, leads around
# limits: those for which the key of a zone is nothing in the end.
exempt := exempt_groups

exempt_groups[edge][text] contains place if {
	some edge, all_keys in keys
	some key in all_keys
	some map in limits.maps[edge][key]
	of_addresses(map.kind, map.input)
	some text, places in networks_of[edge][map.id]
	limits.gives[edge][map.id][text] == ""
	some place in places
}

exempt_groups[edge][text] contains place if {
	some edge, all_keys in keys
	some key in all_keys
	some map in limits.maps[edge][key]
	some outer in limits.maps[edge][map.input]
	of_addresses(outer.kind, outer.input)
	some text, places in networks_of[edge][outer.id]
	limits.value_of(edge, map.id, limits.gives[edge][outer.id][text]) == ""
	some place in places
}

# networks_of[edge][map]: the networks that a map names, with their places.
networks_of[record.target][limits.at_of(map.source.artifact, map.source.line)][entry.key] contains entry.source if {
	some record in input.nginxrules
	some map in record.maps
	of_addresses(map.kind, map.input)
	some entry in map.entries
	not entry.key in {"", "default", "ranges", "proxy", "delete", "include", "hostnames", "volatile"}
}

of_addresses("geo", _)

of_addresses("map", input_variable) if input_variable in limits.addresses

# keys[edge]: the variables by which zones count.
keys[edge] contains zone.key if {
	some edge, by_name in limits.zones
	some all_of_name in by_name
	some zone in all_of_name
	not zone.key in limits.addresses
}

# wide holds for a network that is no single host or rack.
wide(item) if networks.public_size(networks.cidr(item))

wide(item) if {
	not contains(item, ":")
	networks.width(networks.cidr(item)) < 16
}

wide(item) if {
	contains(item, ":")
	networks.width(networks.cidr(item)) < 48
}
