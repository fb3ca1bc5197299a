# How wide a network of a packet rule is, and whether the site file names it.
package policies.lib.networks

# public_size: networks so large that no site owns them. Large blocks that no
# router of the internet passes on are left out (RFC 4193, 4291, 5771).
public_size(network) if {
	not contains(network, ":")
	width(network) < 8
	not inside(network, "224.0.0.0/4")
}

public_size(network) if {
	contains(network, ":")
	width(network) < 16
	not inside(network, "fc00::/7")
	not inside(network, "fe80::/10")
	not inside(network, "ff00::/8")
}

# private_networks: what no router of the internet passes on (RFC 1918, 3927, 4193,
# 4291, 5771, 6598).
private_networks := {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "224.0.0.0/4",
	"fc00::/7", "fe80::/10", "ff00::/8", "::1/128",
}

private(network) if {
	some outer in private_networks
	inside(network, outer)
}

# stranger: a network, or a name, that is neither private nor declared;
# wide_stranger: one that is larger than what one organisation is given.
stranger(network) if {
	not private(network)
	not declared(network)
}

wide_stranger(network) if {
	not contains(network, ":")
	width(network) <= 16
	stranger(network)
}

wide_stranger(network) if {
	contains(network, ":")
	width(network) <= 32
	stranger(network)
}

inside(network, outer) if net.cidr_contains(outer, cidr(network))

# width is the length of the prefix. A mask with holes may leave out next to
# nobody, so it counts as none.
width(network) := to_number(split(network, "/")[1]) if regex.match(`^[^/]*/[0-9]{1,3}$`, network)

width(network) := masks[split(network, "/")[1]] if {
	not regex.match(`^[^/]*/[0-9]{1,3}$`, network)
	masks[split(network, "/")[1]]
}

width(network) := 0 if {
	contains(network, "/")
	not regex.match(`^[^/]*/[0-9]{1,3}$`, network)
	not masks[split(network, "/")[1]]
}

width(network) := 128 if not contains(network, "/")

# masks: the length of each prefix that is written as a mask.
masks := {text: n |
	some n in numbers.range(0, 32)
	text := concat(".", [octets[min([8, max([0, n - (8 * i)])])] | some i in numbers.range(0, 3)])
}

octets := ["0", "128", "192", "224", "240", "248", "252", "254", "255"]

# cidr is the one spelling of a network that can be compared; undefined for what
# is no network.
cidr(network) := text if {
	contains(network, "/")
	text := sprintf("%s/%d", [split(network, "/")[0], width(network)])
	net.cidr_is_valid(text)
}

cidr(network) := text if {
	not contains(network, "/")
	not contains(network, ":")
	text := sprintf("%s/32", [network])
	net.cidr_is_valid(text)
}

cidr(network) := text if {
	not contains(network, "/")
	contains(network, ":")
	text := sprintf("%s/128", [network])
	net.cidr_is_valid(text)
}

# declared_networks: every address that the site file names, and loopback. What
# no site owns is no declaration.
declared_networks contains network if {
	some text in declared_texts
	network := cidr(text)
	not public_size(network)
}

declared_texts contains address if {
	some node in input.site.nodes
	some address in node.addresses
}

declared_texts contains address if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

declared_texts contains address if {
	some edge in input.site.edges
	some address in edge.addresses.private
}

declared_texts contains address if some address in input.site.load_balancers

declared_texts contains address if {
	some zone in input.site.zones
	some address in zone
}

declared_texts contains "127.0.0.0/8"

declared_texts contains "::1/128"

# declared holds for a network that lies within what the site file names.
declared(network) if cidr(network) in declared_networks

declared(network) if {
	some outer in declared_networks
	net.cidr_contains(outer, cidr(network))
}

# destinations: the declared addresses that an edge itself talks to. Clients and
# what stands in front of the edge open connections, and are sent none.
destinations contains network if {
	some text in destination_texts
	network := cidr(text)
	not public_size(network)
}

destination_texts contains address if {
	some node in input.site.nodes
	some address in node.addresses
}

destination_texts contains address if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

destination_texts contains address if {
	some edge in input.site.edges
	some address in edge.addresses.private
}

destination_texts contains address if some address in input.site.zones.resolvers

destination_texts contains address if some address in input.site.zones.time

destination_texts contains address if some address in input.site.zones.logs

destination_texts contains "127.0.0.0/8"

destination_texts contains "::1/128"

# destination holds for a network that lies within one of these.
destination(network) if cidr(network) in destinations

destination(network) if {
	some outer in destinations
	net.cidr_contains(outer, cidr(network))
}
