# Indexes over what the desktop loads from other servers.
package policies.lib.gadgets

import data.policies.lib.public_names

# remote[endpoint]: the resources of the layout that lie on another server, by its
# folded host and port. An address that is no URL has no host; a gap tells of it.
remote[endpoint(resource.host, resource.port)] contains resource if {
	some record in input.layout
	some resource in record.resources
	not resource.relative
	resource.host != ""
}

endpoint(host, port) := sprintf("%s:%d", [lower(host), port])

# places[endpoint]: where the layout names each server.
places[id] contains resource.source if {
	some id, resources in remote
	some resource in resources
}

hosts[id] := lower(resource.host) if {
	some id, resources in remote
	some resource in resources
}

record_sources contains record.source if some record in input.layout

# An address of the company's own network.
inner_address(true, host) if public_names.is_inner(host)
