# METADATA
# title: Stapling needs a connection that the packet rules refuse
# description: |-
#   nginx asks the issuer's responder for the answer that it staples. Where nothing lets that question out, each start logs errors
#   and no answer is ever stapled, and somebody will open the packet rules for it one day.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling_file
# custom:
#   severity: low
#   fix: Staple an answer from a file, or turn stapling off, or let the responder be reached.
#   controls: [XC-35]
#   bad: ssl_stapling on;   (and OUTPUT lets nothing out to port 80)
#   good: ssl_stapling on; ssl_stapling_file ssl/desk-a.ocsp;
package policies.xc.stapling_without_egress

import data.policies.lib.networks
import data.policies.lib.nginx
import data.policies.lib.packets

# filtered: the edges of which both the configuration and the packet rules are known.
filtered contains record.target if {
	some record in input.iptables
	record.family == "ipv4"
}

subjects contains subject if {
	some subject in nginx.tls_servers
	edge_of(subject) in filtered
}

edge_of(subject) := concat("/", array.slice(split(subject, "/"), 0, 2))

# asks[server]: a server whose stapled answers come from the responder.
asks[subject] contains setting.source if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_stapling
	setting.args[0] == "on"
	not nginx.settings[subject].ssl_stapling_file
}

# leaving[edge]: rules that let a question of HTTP out to others than the site's own.
leaving contains a.target if {
	some a in packets.accepts
	a.chain == "OUTPUT"
	packets.takes_tcp(a.rule.protocol.set, a.rule.protocol.negated, a.rule.protocol.values)
	packets.takes_port(a.rule.dest_ports.set, a.rule.dest_ports.negated, [r.from | some r in a.rule.dest_ports.ranges], [r.to | some r in a.rule.dest_ports.ranges], 80)
	foreign(a.rule.dest_net.set, a.rule.dest_net.negated, a.rule.dest_net.values)
	packets.faces_out(a.target, a.rule.out_interface.set, a.rule.out_interface.negated, a.rule.out_interface.values)
}

leaving contains target if {
	some target in filtered
	packets.endings[packets.chain_id(target, "ipv4", "OUTPUT")].verdict == "ACCEPT"
}

foreign(false, _, _)

foreign(true, true, _)

foreign(true, false, values) if {
	some network in values
	not networks.declared(network)
}

findings contains {
	"subject": subject,
	"key": "ssl_stapling",
	"message": "ssl_stapling is on without a file, and no packet rule lets a question to a responder out",
	"fix": "ssl_stapling_file with the answer that a job on another host fetches, or `ssl_stapling off;`",
	"sources": array.concat([s | some s in sources], [packets.chains[packets.chain_id(edge_of(subject), "ipv4", "OUTPUT")].source]),
} if {
	some subject, sources in asks
	not edge_of(subject) in leaving
	not in_doubt(edge_of(subject))
}

in_doubt(target) if {
	some chain in packets.unfollowed_chains[target]
	contains(chain, "OUTPUT")
}

unsure contains {"subject": subject, "reason": "OUTPUT goes where it is not followed, so that whether a responder can be asked is not known"} if {
	some subject, _ in asks
	not edge_of(subject) in leaving
	in_doubt(edge_of(subject))
}
