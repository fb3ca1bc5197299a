# METADATA
# title: Finesse administration gets through the gate
# description: |-
#   Whoever reaches its login can try passwords of the administrator, who may change the desktop of every agent. Requests
#   were followed from their raw bytes to the upstream, so a spelling that slips past a refusal counts as well.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Refuse the path before anything is forwarded, and let plain paths pass only."
#   controls: [HTTP-05]
#   bad: "location ^~ / { proxy_pass https://finesse_a; }"
#   good: "location ^~ /cfadmin { return 403; }"
package policies.http.administration_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.finesse

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-05"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-05"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
