# METADATA
# title: Requests outside of the allowed surface get through the gate
# description: |-
#   Only paths that are exposed on purpose may be available through the gate. Requests were followed from their raw bytes
#   to the upstream, and some arrive that no template of the surface holds.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Forward the paths of the surface only, or add the path to a surface of the site."
#   controls: [HTTP-04]
#   bad: "location ~ /finesse/api/User { proxy_pass https://finesse_a; }"
#   good: "location ~ ^/finesse/api/User/[A-Za-z0-9_.@-]+$ { proxy_pass https://finesse_a; }"
package policies.http.unlisted_path_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.outside[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
