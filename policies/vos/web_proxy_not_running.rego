# METADATA
# title: Web Proxy Service of a node does not run, or waits for a restart
# description: |-
#   This service recognises the gate and translates names by the map. It reads its lists when it starts, so a change
#   without a restart is without effect, and without the service the gate reaches nothing.
# custom:
#   severity: high
#   fix: Run utils service restart Cisco Web Proxy Service on the node, and look at its state afterwards.
#   controls: [VOS-07]
#   bad: |-
#     Cisco Web Proxy Service[STOPPED]
#   good: |-
#     Cisco Web Proxy Service[STARTED]
package policies.vos.web_proxy_not_running

import data.policies.lib.gated
import data.policies.lib.services

subjects contains node.target if some node in gated.nodes

service := input.profile.parameters.vos.proxy_service

findings contains {
	"subject": node.target,
	"key": sprintf("%s %s", [s.state, s.remark]),
	"message": trim_space(sprintf("%s is %s on the node %s", [service, s.state, s.remark])),
	"fix": sprintf("Run utils service start %s on the node; where it does not start, see whether every trusted name resolves.", [service]),
	"sources": [s.source],
} if {
	some node in gated.nodes
	some s in services.states[[node.target, lower(service)]]
	s.state != "started"
}

unsure contains {"subject": node.target, "reason": sprintf("the state of %s is not known", [service])} if {
	some node in gated.nodes
	not services.states[[node.target, lower(service)]]
}

# What the service reads when it starts.
reads := `^utils system reverse-proxy (allowed-hosts (add|delete)|config-uri (add|delete)|client-auth (enable|disable))`

unsure contains {"subject": node.target, "reason": sprintf("the transcript shows %q in line %d and no restart of %s after it", [c.command, c.line, service])} if {
	some node in gated.nodes
	some c in services.changes[node.target]
	regex.match(reads, c.command)
	not services.restarted_after(node.target, service, c.line)
}
