# METADATA
# title: Name of a node cannot be looked up on the edge
# description: |-
#   nginx asks for the addresses of its upstreams when it starts, and does not start when a name has none. The published packet
#   rules drop the answers of name servers, so that each name has to stand in /etc/hosts.
# custom:
#   severity: high
#   fix: Write the name with the address of the node into /etc/hosts.
#   controls: [HOST-14]
#   bad: (no line for fin-a.corp.example in /etc/hosts)
#   good: 10.1.0.11 fin-a.corp.example
package policies.host.upstream_unresolved

import data.policies.lib.host
import data.policies.lib.inventory
import data.policies.lib.packets

# asked[edge]: the names that nginx looks up, with the places that name them.
asked[[record.target, lower(f.host)]] contains f.source if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some f in location.forwards
	not f.computed
	is_name(f.host)
}

is_name(text) if {
	regex.match(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z])[A-Za-z0-9-]*$`, text)
	not startswith(text, "unix:")
	lower(text) != "localhost"
}

subjects contains id[0] if {
	some id, _ in asked
	host.places[id[0]].names
}

listed[[record.target, lower(name)]] contains line.address if {
	some record in input.host
	some line in record.names
	some name in line.names
}

unlisted contains id if {
	some id, _ in asked
	id[0] in subjects
	not listed[id]
}

# servers[edge]: the name servers that the resolver asks.
servers[record.target] contains server.address if {
	some record in input.host
	some server in record.resolver.nameservers
	server.used
}

# out and back: questions leave, and answers come in, over UDP.
out contains target if {
	some target in subjects
	packets.endings[packets.chain_id(target, "ipv4", "OUTPUT")].verdict == "ACCEPT"
}

out contains a.target if {
	some a in packets.accepts
	a.chain == "OUTPUT"
	takes_udp(a.rule.protocol.set, a.rule.protocol.values)
	packets.takes_port(a.rule.dest_ports.set, a.rule.dest_ports.negated, [r.from | some r in a.rule.dest_ports.ranges], [r.to | some r in a.rule.dest_ports.ranges], 53)
	not is_loopback(a.rule.out_interface.set, a.rule.out_interface.values)
}

back contains target if {
	some target in subjects
	packets.endings[packets.chain_id(target, "ipv4", "INPUT")].verdict == "ACCEPT"
}

back contains record.target if {
	some record in input.iptables
	some rule in record.rules
	rule.table == "filter"
	rule.chain == "INPUT"
	rule.verdict == "ACCEPT"
	takes_udp(rule.protocol.set, rule.protocol.values)
	answers(rule.states.set, rule.states.negated, rule.states.values, rule.source_ports.set, [r.from | some r in rule.source_ports.ranges])
	not is_loopback(rule.in_interface.set, rule.in_interface.values)
}

takes_udp(false, _)

takes_udp(true, values) if {
	some protocol in values
	protocol in {"udp", "17", "all"}
}

answers(true, false, values, _, _) if "ESTABLISHED" in values

answers(false, _, _, true, froms) if 53 in froms

answers(false, _, _, false, _)

is_loopback(true, ["lo"])

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is not in /etc/hosts, and %s", [id[1], why]),
	"fix": sprintf("%s %s", [address_of(id[1]), id[1]]),
	"sources": array.concat([s | some s in asked[id]], [s | some s in host.places[id[0]].names]),
} if {
	some id in unlisted
	why := closed(id[0])
}

address_of(name) := min({address | some subject in inventory.node_of[name]; some address in inventory.nodes[subject].addresses})

address_of(name) := "(address of the node)" if count({address | some subject in inventory.node_of[name]; some address in inventory.nodes[subject].addresses}) == 0

address_of(name) := "(address of the node)" if not inventory.node_of[name]

closed(target) := "no name server is configured" if not servers[target]

closed(target) := "the packet rules let no question to a name server out" if {
	servers[target]
	filtered[target]
	not target in out
	not packets.unfollowed_chains[target]
}

closed(target) := "the packet rules drop the answers of name servers" if {
	servers[target]
	filtered[target]
	target in out
	not target in back
	not packets.unfollowed_chains[target]
}

filtered contains record.target if {
	some record in input.iptables
	record.family == "ipv4"
}

unsure contains {"subject": id[0], "reason": sprintf("%s is not in /etc/hosts, and whether name servers can be asked is not known", [id[1]])} if {
	some id in unlisted
	servers[id[0]]
	in_doubt(id[0])
}

in_doubt(target) if not filtered[target]

in_doubt(target) if packets.unfollowed_chains[target]
