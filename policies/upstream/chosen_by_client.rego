# METADATA
# title: The client chooses the upstream
# description: |-
#   An upstream whose name is put together from the request turns the gate into a relay to any host that it can reach. The
#   requests that get through have a part of the upstream's name that the client may set.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass
# custom:
#   severity: critical
#   fix: "Name upstreams in full; where a variable is needed, let a map with fixed values fill it."
#   controls: [UP-13, HTTP-21]
#   bad: "proxy_pass https://$arg_node;"
#   good: "proxy_pass https://finesse_a;"
package policies.upstream.chosen_by_client

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.chosen[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
