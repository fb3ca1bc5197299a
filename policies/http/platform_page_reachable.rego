# METADATA
# title: Platform administration gets through the gate
# description: |-
#   Every node carries pages for its operating system, its backups and its servlet container. None of them is for agents,
#   and a login there owns the node.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Refuse what is not exposed on purpose in every server."
#   controls: [HTTP-09]
#   bad: "location / { proxy_pass https://finesse_a; }"
#   good: "location / { return 421; }"
package policies.http.platform_page_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-09"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
