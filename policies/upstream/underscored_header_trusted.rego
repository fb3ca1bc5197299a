# METADATA
# title: Client's address is read from a header that has two spellings
# description: |-
#   With underscores_in_headers on, which is the vendor's default, X_Client_IP and X-Client-IP are the same variable of
#   nginx, and the one that comes first in the request counts. A load balancer that overwrites only one of them leaves
#   the other to the client, who then chooses the address that is limited, logged and blocked.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers
# custom:
#   severity: medium
#   fix: Take the address from $remote_addr after set_real_ip_from and real_ip_header, or set underscores_in_headers off.
#   controls: [UP-02]
#   bad: underscores_in_headers on; real_ip_header X_Client_Address;
#   good: underscores_in_headers on; real_ip_header X-Client-Address; proxy_set_header X-Client-IP $remote_addr;
package policies.upstream.underscored_header_trusted

import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.fronts

# Maps and zones belong to the edge.
subjects contains edge_of(server) if some server in forwarding.fronts

edge_of(server) := concat("/", array.slice(split(server, "/"), 0, 2))

# switches[server]: what decides whether such headers are taken. Of those that come before
# Host, the default server of the socket decides, unless the handshake named another one.
switches[server] contains setting if {
	some server in forwarding.fronts
	some setting in nginx.settings[server].underscores_in_headers
}

switches[server] contains setting if {
	some socket in nginx.sockets
	some server in socket.servers
	server in forwarding.fronts
	some setting in nginx.settings[socket["default"]].underscores_in_headers
}

states := switches

switched contains server if {
	some server, settings in states
	some setting in settings
	setting.args == ["on"]
}

findings contains {
	"subject": server,
	"key": sprintf("real_ip_header %s", [setting.args[0]]),
	"message": sprintf("the client's address is taken from %s, which is not the header that a balancer writes or drops as %s", [setting.args[0], replace(setting.args[0], "_", "-")]),
	"fix": sprintf("real_ip_header %s;", [replace(setting.args[0], "_", "-")]),
	"sources": [setting.source],
} if {
	some server in switched
	some setting in nginx.settings[server].real_ip_header
	contains(setting.args[0], "_")
}

# addresses: what headers with a client's address are called in variables, of the
# vendor's rules and of the relay that the server itself trusts.
customary := {"x_client_ip", "x_real_ip", "x_forwarded_for"}

addresses[place] contains sprintf("http_%s", [name]) if {
	some server in switched
	some name in (customary | {replace(lower(s.args[0]), "-", "_") | some s in nginx.settings[server].real_ip_header; s.args[0] != "proxy_protocol"})
	some place in {server, edge_of(server)}
}

names := addresses

read_by(place, texts) := {name |
	some name in names[place]
	some text in texts
	regex.match(sprintf(`\$\{?%s\b`, [name]), lower(text))
}

# uses: what is decided or sent by the text of such a header.
uses[[server, word, name]] contains s.source if {
	some server in switched
	some word in {"proxy_set_header", "set"}
	some s in nginx.settings[server][word]
	some name in read_by(server, s.args)
}

uses[[server, word, name]] contains s.source if {
	some word in {"proxy_set_header", "set"}
	some server, by_place in nginx.overrides[word]
	server in switched
	some settings in by_place
	some s in settings
	some name in read_by(server, s.args)
}

uses[[record.target, setting.name, name]] contains setting.source if {
	some record in input.nginxrules
	some setting in record.http
	setting.name in {"limit_req_zone", "limit_conn_zone"}
	some name in read_by(record.target, array.slice(setting.args, 0, 1))
}

uses[[record.target, map.kind, name]] contains map.source if {
	some record in input.nginxrules
	some map in record.maps
	some name in read_by(record.target, [map.input])
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s reads $%s, which a client may fill by a header with underscores", [id[1], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in uses
}

unsure contains {"subject": server, "reason": "underscores_in_headers is not known"} if {
	some server in forwarding.fronts
	not states[server]
}
