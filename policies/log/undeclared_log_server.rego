# METADATA
# title: Logs leave for a host that is no declared log server
# description: |-
#   nginx sends syslog as plain datagrams, with the names and addresses of agents in them. Inside the site's own network a log
#   server may take them; anybody else must not, and nobody notices a wrong address.
# related_resources:
# - ref: https://nginx.org/en/docs/syslog.html
# - ref: https://www.rfc-editor.org/rfc/rfc5425
# custom:
#   severity: medium
#   fix: Name a log server of the site, or the host's own daemon, which forwards over TLS.
#   controls: [LOG-02]
#   bad: "access_log syslog:server=192.0.2.7:514 gate;"
#   good: "access_log syslog:server=unix:/dev/log gate;"
package policies.log.undeclared_log_server

import data.policies.lib.logs

subjects contains target if some target in logs.edges

remote contains {"edge": a.edge, "directive": "access_log", "host": host, "source": a.source} if {
	some a in logs.access
	host := logs.syslog_host(a.path)
	not logs.local(host)
}

remote contains {"edge": e.edge, "directive": "error_log", "host": host, "source": e.source} if {
	some e in logs.errors
	host := logs.syslog_host(e.path)
	not logs.local(host)
}

is_address(host) if net.cidr_is_valid(sprintf("%s/32", [host]))

is_address(host) if net.cidr_is_valid(sprintf("%s/128", [trim(host, "[]")]))

declared(host) if {
	some network in input.site.zones.logs
	net.cidr_is_valid(network)
	net.cidr_contains(network, trim(host, "[]"))
}

declared(host) if {
	some entry in input.site.zones.logs
	lower(entry) == lower(host)
}

places[[r.edge, r.directive, r.host]] contains r.source if some r in remote

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s goes to %s in clear text, which is no declared log server", [id[1], id[2]]),
	"sources": [s | some s in sources],
	"fix": sprintf("%s syslog:server=unix:/dev/log; or declare %s in zones.logs of the site file", [id[1], id[2]]),
} if {
	some id, sources in places
	is_address(id[2])
	not declared(id[2])
}

unsure contains {"subject": id[0], "reason": sprintf("%s goes to %s, whose address is not known", [id[1], id[2]])} if {
	some id, _ in places
	not is_address(id[2])
	not declared(id[2])
}
