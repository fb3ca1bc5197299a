# METADATA
# title: Map entry names an address
# description: |-
#   Certificates and single sign-on are made for names. A browser that is sent to an address meets a certificate that
#   does not fit, and a login that leads back to another place than it began.
# custom:
#   severity: medium
#   fix: Write the full name of the host instead of its address.
#   controls: [MAP-01]
#   bad: |-
#     fin-a.corp.example:8445=203.0.113.10:8445
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.map.address_instead_of_name

import data.policies.lib.inventory
import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

findings contains {
	"subject": pair.subject,
	"key": sprintf("external %s", [pair.key]),
	"message": sprintf("the external side %s is an address, for which no certificate is made", [pair.external.text]),
	"sources": pair.sources,
} if {
	some pair in proxymap.pairs
	pair.external.ip_address
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("internal %s", [pair.key]),
	"message": sprintf("the internal side %s is an address; the servers know each other by name", [pair.internal.text]),
	"fix": sprintf("Write %s:%d=%s.", [name_of(pair.internal.host), pair.internal_port, pair.external.text]),
	"sources": pair.sources,
} if {
	some pair in proxymap.pairs
	pair.internal.ip_address
}

# name_of an address is the host of the node that has it, where one is declared.
name_of(address) := min(inventory.host_of[address]) if count(inventory.host_of[address]) > 0

name_of(address) := "HOST" if not inventory.host_of[address]
