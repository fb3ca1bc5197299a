# METADATA
# title: Referer list holds a host that nobody declares
# description: |-
#   Pages of that host may send requests through the gate with an agent's session. A host that is left from a test, or
#   belongs to a partner who is gone, may be somebody else's tomorrow.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_referer_module.html#valid_referers
# custom:
#   severity: low
#   fix: Remove the host from NGX_VALID_REFERRERS or valid_referers, or declare what it is in the site file.
#   controls: [HTTP-14]
#   optional: [env, nginxrules]
#   bad: NGX_VALID_REFERRERS="desk-a.agents.example|demo.partner.example"
#   good: NGX_VALID_REFERRERS="desk-a.agents.example|sso.example"
package policies.filter.referer_undeclared

import data.policies.lib.env
import data.policies.lib.forwarding
import data.policies.lib.inventory
import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains edge if some edge in env.declared

subjects contains server if some server, _ in directives

directives[server] contains {"item": arg, "source": s.source} if {
	some server in forwarding.fronts
	some s in nginx.settings[server].valid_referers
	some arg in s.args
	not arg in {"none", "blocked", "server_names"}
}

# hosts: what the site file, the map and the servers' own names declare.
hosts := inventory.known_hosts | ({lower(pair.external.host) | some pair in proxymap.pairs} | {name | some name, _ in nginx.exact_names})

# host_of an item leaves out a port and a path.
host_of(item) := lower(regex.replace(item, `[:/].*$`, ""))

declared(item) if host_of(item) in hosts

declared(item) if {
	regex.match(`^\*?\.`, item)
	some host in hosts
	endswith(host, trim_prefix(host_of(item), "*"))
}

# What lets in all hosts, or is a pattern, is not for this rule.
plain(item) if regex.match(`^(\*?\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+([:/].*)?$`, item)

strange[[edge, sprintf("NGX_VALID_REFERRERS in %s", [env.words(p.file)]), item]] contains p.source if {
	some edge, by_name in env.properties
	some p in by_name.NGX_VALID_REFERRERS
	p.set
	some item in p.list
	plain(item)
	not declared(item)
}

strange[[server, "valid_referers", d.item]] contains d.source if {
	some server, list in directives
	some d in list
	plain(d.item)
	not declared(d.item)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s names %s, which neither the site file nor the map knows", [id[1], id[2]]),
	"sources": [s | some s in sources],
	"fix": sprintf("Remove %s from %s.", [id[2], id[1]]),
} if {
	some id, sources in strange
}

unsure contains {"subject": server, "reason": sprintf("which hosts the pattern %s of valid_referers takes is not followed", [d.item])} if {
	some server, list in directives
	some d in list
	startswith(d.item, "~")
}

unsure contains u if some u in env.unread
