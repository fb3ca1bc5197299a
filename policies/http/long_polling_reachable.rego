# METADATA
# title: Long polling of Finesse gets through the gate
# description: |-
#   Long polling holds a connection for each agent and evades the limits of WebSocket. Notifications go through /ws, and the
#   guide has the gate refuse the older way.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: "Refuse the path before anything is forwarded."
#   controls: [HTTP-12]
#   bad: "location /http-bind/ { proxy_pass https://finesse_a; }"
#   good: "location ^~ /http-bind { return 403; }"
package policies.http.long_polling_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.finesse

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-12"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-12"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
