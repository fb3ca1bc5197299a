# METADATA
# title: Node trusts a load balancer
# description: |-
#   A trusted host is exempt from the node's own limits. With a load balancer on the list everybody behind it is,
#   and one attacker can get the balancer itself blocked for all agents.
# related_resources:
# - ref: https://nvd.nist.gov/vuln/detail/CVE-2023-20088
# custom:
#   severity: high
#   fix: Remove the entry with utils system reverse-proxy allowed-hosts delete and restart the Web Proxy Service.
#   controls: [VOS-02, XC-08]
#   bad: |-
#     5. lb.agents.example
#   good: |-
#     3. desk-a.agents.example
package policies.vos.load_balancer_trusted

import data.policies.lib.gated

subjects contains node.target if some node in gated.nodes

is_network(text) if {
	contains(text, "/")
	net.cidr_is_valid(text)
}

is_address(text) if regex.match(`^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$`, text)

matches(host, balancer) if lower(host) == lower(balancer)

matches(host, balancer) if {
	is_network(balancer)
	is_address(host)
	net.cidr_is_valid(sprintf("%s%s", [host, full_prefix(host)]))
	net.cidr_contains(balancer, host)
}

full_prefix(host) := "/128" if contains(host, ":")

full_prefix(host) := "/32" if not contains(host, ":")

trusted[[node.target, lower(item.value)]] contains item.source if {
	some node in gated.nodes
	some item in node.allowed_hosts.items
	some balancer in input.site.load_balancers
	matches(item.value, balancer)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the node trusts %s, which is a declared load balancer", [id[1]]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	some id, sources in trusted
}

unsure contains {"subject": node.target, "reason": "the list of trusted hosts is not known"} if {
	some node in gated.nodes
	not node.allowed_hosts.known
}
