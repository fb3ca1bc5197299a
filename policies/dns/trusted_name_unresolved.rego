# METADATA
# title: Trusted name does not resolve where certificates are demanded
# description: |-
#   Once a node demands certificates, its proxy resolves every trusted name when it starts, and does not start if one
#   fails. The next restart of the node then closes it to the gate and to the local network alike.
# custom:
#   severity: high
#   fix: Enter the name into the DNS of the local network, or trust the address instead.
#   controls: [UP-09, XC-09]
#   bad: |-
#     3. desk-c.agents.example   # dig desk-c.agents.example: NXDOMAIN
#   good: |-
#     3. desk-a.agents.example   # dig desk-a.agents.example: 203.0.113.10
package policies.dns.trusted_name_unresolved

import data.policies.lib.gated
import data.policies.lib.lookups

is_name(text) if not regex.match(`^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$`, text)

# demanding: the nodes that do, or may, demand certificates.
demanding contains node if {
	some node in gated.nodes
	may_demand(node.client_auth.known, node.client_auth.value)
}

may_demand(true, "enabled")

may_demand(false, _)

subjects contains node.target if some node in demanding

names[[node.target, trim_suffix(lower(item.value), ".")]] contains item.source if {
	some node in demanding
	node.client_auth.known
	some item in node.allowed_hosts.items
	is_name(item.value)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the node demands certificates and trusts %s, which has no address in the local network", [id[1]]),
	"fix": sprintf("Enter %s into the DNS of the local network, or run utils system reverse-proxy allowed-hosts delete on the node and choose it.", [id[1]]),
	"sources": array.concat([s | some s in sources], lookups.sources("lan", id[1])),
} if {
	some id, sources in names
	lookups.status("lan", id[1]) == "missing"
}

unsure contains {"subject": id[0], "reason": sprintf("whether %s resolves in the local network is not known", [id[1]])} if {
	some id, _ in names
	lookups.status("lan", id[1]) == "open"
}

unsure contains {"subject": node.target, "reason": "whether the node demands certificates is not known"} if {
	some node in demanding
	not node.client_auth.known
}

unsure contains {"subject": node.target, "reason": "the list of trusted hosts is not known"} if {
	some node in demanding
	not node.allowed_hosts.known
}
