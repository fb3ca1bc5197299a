# METADATA
# title: Server that a gadget names is not in the map
# description: |-
#   Preferences that begin with externalServerHostAndPort name the servers that a gadget calls. The nodes put the external
#   address in their place, by the map, so each needs an entry, and Finesse itself needs a way to the inner one.
# custom:
#   severity: high
#   fix: Add an entry for the server to the proxy map, or correct the preference.
#   controls: [XC-31, MAP-09, GAD-03]
#   bad: "externalServerHostAndPort=crm.corp.example:9443 without an entry"
#   good: "crm.corp.example:9443=crm.agents.example:9443"
package policies.xc.external_server_not_mapped

import data.policies.lib.gadgets
import data.policies.lib.proxymap

subjects contains "site" if count(gadgets.record_sources) > 0

named contains {"name": parameter.name, "host": lower(parameter.host), "port": parameter.port, "source": parameter.source} if {
	some record in input.layout
	some resource in record.resources
	some parameter in resource.parameters
	parameter.external
}

named contains {"name": preference.name, "host": lower(preference.host), "port": preference.port, "source": preference.source} if {
	some record in input.layout
	some file in record.gadget_files
	some preference in file.preferences
	preference.external
	preference["default"] != ""
}

is_mapped(host, port) if proxymap.by_internal[sprintf("%s:%d", [host, port])]

# A name without a port stands for the one of HTTPS.
is_mapped(host, 0) if proxymap.by_internal[sprintf("%s:443", [host])]

lost[sprintf("%s:%d", [n.host, n.port])] contains n if {
	some n in named
	n.host != ""
	not is_mapped(n.host, n.port)
}

findings contains {
	"subject": "site",
	"key": id,
	"message": sprintf("%s names %s, which the map does not", [concat(", ", {n.name | some n in list}), id]),
	"fix": sprintf("Add %s=EXTERNAL:PORT to the proxy map.", [id]),
	"sources": array.concat([s | some s in {n.source | some n in list}], [s | some s in proxymap.record_sources]),
} if {
	count(proxymap.record_sources) > 0
	some id, list in lost
}

unsure contains {"subject": "site", "reason": sprintf("%s names no host that could be read", [n.name])} if {
	some n in named
	n.host == ""
}
