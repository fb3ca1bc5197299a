# METADATA
# title: Credentials are tried at another gate or another product
# description: |-
#   The gate has to ask its own Finesse, through itself, whether credentials are right. Asked elsewhere, accounts of
#   another cluster open this one, and every agent's password goes where it does not belong.
# custom:
#   severity: high
#   fix: Let NGX_AUTH_URL name a server of this gate that leads to the cluster's own Finesse.
#   controls: [XC-19, AUTH-06]
#   optional: [env]
#   bad: NGX_AUTH_URL="https://desk.other.example:8445/finesse/api/UserAuth"
#   good: NGX_AUTH_URL="https://desk-a.agents.example:8445/finesse/api/UserAuth"
package policies.xc.auth_url_elsewhere

import data.policies.lib.env
import data.policies.lib.env_endpoints
import data.policies.lib.forwarding
import data.policies.lib.inventory
import data.policies.lib.nginx

subjects contains edge if some edge in env.declared

urls contains {"edge": edge, "file": p.file, "host": endpoint.host, "port": port_of(endpoint.port, endpoint.has_port), "text": p.text, "source": p.source} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_AUTH_URL
	some endpoint in p.endpoints
}

port_of(port, true) := port

port_of(_, false) := 443

# own[edge][text]: the servers of the same gate that the address leads to.
own[[u.edge, u.text]] contains server if {
	some u in urls
	some server in nginx.serving(u.host, u.port)
	startswith(server, sprintf("%s/", [u.edge]))
}

record_source[record.target] contains record.source if some record in input.nginxrules

findings contains {
	"subject": u.edge,
	"key": sprintf("%s server", [env.words(u.file)]),
	"message": sprintf("NGX_AUTH_URL %s in %s names no server of this gate", [u.text, env.words(u.file)]),
	"sources": array.concat([u.source], [s | some s in record_source[u.edge]]),
} if {
	some u in urls
	record_source[u.edge]
	not own[[u.edge, u.text]]
}

findings contains {
	"subject": u.edge,
	"key": sprintf("%s product", [env.words(u.file)]),
	"message": sprintf("NGX_AUTH_URL %s in %s leads to %s, not to Finesse", [u.text, env.words(u.file), concat(" and ", sort([r | some r in roles]))]),
	"sources": array.concat([u.source], sort([nginx.servers[server].source | some server in own[[u.edge, u.text]]])),
} if {
	some u in urls
	roles := {role | some server in own[[u.edge, u.text]]; some role in forwarding.offered[server]}
	count(roles) > 0
	count(roles & {"finesse", "uccx"}) == 0
}

# foreign: nodes behind the server that the address names, in another cluster than the
# file's own Finesse.
foreign[[u.edge, u.file, u.text, u.source]] contains {"asked": asked, "source": nginx.servers[server].source} if {
	some u in urls
	some server in own[[u.edge, u.text]]
	some r in forwarding.of_server[server]
	some t in forwarding.targets[r.at]
	some asked in inventory.node_of[lower(t.host)]
	some i in env_endpoints.inner
	i.edge == u.edge
	i.file == u.file
	i.component == "FIN"
	not i.alternate
	some mine in inventory.node_of[i.host]
	not inventory.same_cluster(asked, mine)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s cluster", [env.words(id[1])]),
	"message": sprintf("NGX_AUTH_URL %s in %s asks %s, in another cluster than its own Finesse", [id[2], env.words(id[1]), concat(" and ", sort({n.asked | some n in nodes}))]),
	"sources": array.concat([id[3]], sort({n.source | some n in nodes})),
} if {
	some id, nodes in foreign
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_AUTH_URL
}

unsure contains u if some u in env.unread
