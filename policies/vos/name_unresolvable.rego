# METADATA
# title: Node cannot resolve a name that it shall trust
# description: |-
#   A node takes a name into its list only when it resolves there, and compares the address of each request with what the
#   names mean. A name that it cannot resolve trusts nobody, and with certificates demanded its proxy does not start.
# custom:
#   severity: medium
#   fix: Let the node's DNS servers resolve the name, or add the address instead.
#   controls: [VOS-03]
#   bad: |-
#     admin:utils system reverse-proxy allowed-hosts add desk-c.agents.example
#     Operation failed, please enter valid source(s). Source desk-c.agents.example is invalid
#   good: |-
#     admin:utils system reverse-proxy allowed-hosts add desk-c.agents.example
#     Source desk-c.agents.example successfully added
package policies.vos.name_unresolvable

import data.policies.lib.gated

subjects contains node.target if some node in gated.nodes

is_name(text) if not regex.match(`^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$`, text)

refused[[node.target, lower(r.value)]] contains r.source if {
	some node in gated.nodes
	some r in node.rejections
	r.list == "allowed-hosts"
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the node refused %s, which does not resolve there", [id[1]]),
	"fix": sprintf("Let the DNS servers of the node resolve %s, then run utils system reverse-proxy allowed-hosts add %s again.", [id[1], id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in refused
}

names[node.target] contains item.value if {
	some node in gated.nodes
	some item in node.allowed_hosts.items
	is_name(item.value)
}

findings contains {
	"subject": node.target,
	"key": "no resolver",
	"message": sprintf("the node trusts names (%s) and has no DNS server", [concat(", ", names[node.target])]),
	"fix": "Run set network dns primary with the address of a resolver on the node.",
	"sources": [node.dns_servers.source, node.allowed_hosts.source],
} if {
	some node in gated.nodes
	names[node.target]
	node.dns_servers.known
	count(node.dns_servers.items) == 0
}

unsure contains {"subject": node.target, "reason": "the list of trusted hosts is not known"} if {
	some node in gated.nodes
	not node.allowed_hosts.known
}

unsure contains {"subject": node.target, "reason": "which DNS servers the node has is not known, and it trusts names"} if {
	some node in gated.nodes
	names[node.target]
	not node.dns_servers.known
}
