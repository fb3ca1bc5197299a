# METADATA
# title: Configuration interface of Finesse gets through the gate
# description: |-
#   These interfaces list users and change what agents see. An agent's own credentials suffice for some of them, so only the
#   gate keeps them from the internet.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Forward the interfaces that agents use, each by its name, and refuse the rest."
#   controls: [HTTP-10]
#   bad: "location /finesse/api/ { proxy_pass https://finesse_a; }"
#   good: "location ~ ^/finesse/api/Dialog/[0-9]+$ { proxy_pass https://finesse_a; }"
package policies.http.configuration_interface_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.finesse

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-10"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-10"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
