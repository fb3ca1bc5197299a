# METADATA
# title: Desktop loads a gadget from a server that nobody declared
# description: |-
#   A gadget runs with the rights of the desktop and of the agent in it. One whose server is in no inventory was reviewed
#   by nobody, and is forgotten when names or certificates change.
# custom:
#   severity: medium
#   fix: Declare the server in the site file, as a node of the role gadget or as an integration, or take the gadget out of the layout.
#   controls: [GAD-01]
#   bad: "<gadget>https://widgets.other.example/clock.xml</gadget>"
#   good: "<gadget>https://gadgets.corp.example/crm.xml</gadget> with a node of the role gadget for gadgets.corp.example"
package policies.gadget.undeclared_host

import data.policies.lib.gadgets
import data.policies.lib.inventory
import data.policies.lib.proxymap

subjects contains "site" if count(gadgets.record_sources) > 0

is_known(host) if host in inventory.known_hosts

is_known(host) if host in proxymap.internal_hosts

is_known(host) if proxymap.external_hosts[host]

strangers[gadgets.hosts[id]] contains source if {
	some id, sources in gadgets.places
	not is_known(gadgets.hosts[id])
	some source in sources
}

findings contains {
	"subject": "site",
	"key": host,
	"message": sprintf("the layout loads gadgets from %s, which the site file does not know", [host]),
	"fix": sprintf("Declare {name: ..., role: gadget, host: %s} in the site file once the gadget was reviewed.", [host]),
	"sources": [s | some s in sources],
} if {
	some host, sources in strangers
}
