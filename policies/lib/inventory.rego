# Indexes over what the site file declares.
package policies.lib.inventory

# nodes: every node by its subject.
nodes := {node.subject: node | some node in input.site.nodes}

# node_of[host]: the nodes with a host or an address, folded.
node_of := node_groups

node_groups[lower(node.host)] contains node.subject if {
	some node in input.site.nodes
	node.host != ""
}

node_groups[lower(address)] contains node.subject if {
	some node in input.site.nodes
	some address in node.addresses
	address != ""
}

# host_of[address]: the folded host of the node that has an address.
host_of := host_groups

host_groups[lower(address)] contains lower(node.host) if {
	some node in input.site.nodes
	some address in node.addresses
	address != ""
}

# edge_addresses[address]: the sources of each declared address of an edge.
edge_addresses := edge_groups

edge_groups[lower(address)] contains edge.source if {
	some edge in input.site.edges
	some address in edge.addresses.public
	address != ""
}

edge_groups[lower(address)] contains edge.source if {
	some edge in input.site.edges
	some address in edge.addresses.private
	address != ""
}

# cluster_of puts nodes without a cluster into one group of the site.
cluster_of := {node.subject: node.cluster | some node in input.site.nodes}

# same_cluster holds unless both nodes name a cluster and the names differ.
same_cluster(a, b) if cluster_of[a] == cluster_of[b]

same_cluster(a, _) if cluster_of[a] == ""

same_cluster(_, b) if cluster_of[b] == ""

# embedders: the folded hosts of the declared integrations.
embedders contains origin_host(integration.embedder_origin) if some integration in input.site.integrations

# platforms: the hosts that serve them.
platforms contains origin_host(integration.platform_host) if {
	some integration in input.site.integrations
	integration.platform_host != ""
}

# origin_host cuts scheme, port and path from an origin, folded.
origin_host(origin) := host if {
	rest := regex.replace(lower(origin), `^[a-z][a-z0-9+.-]*://`, "")
	host := regex.replace(rest, `[:/].*$`, "")
}

# known_hosts: every host and address that the site file names.
known_hosts := (({host | some host, _ in node_of} | {address | some address, _ in edge_addresses}) | (embedders | platforms)) | idp_hosts

idp_hosts contains lower(input.site.idp.host) if input.site.idp.host != ""
