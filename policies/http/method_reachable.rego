# METADATA
# title: Methods that a path does not need get through the gate
# description: |-
#   Each path of the surface lists the methods that agents use there. Others write or delete, or answer questions that
#   nobody at a desktop asks.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#limit_except
# custom:
#   severity: medium
#   fix: "Limit the methods where the path is forwarded. limit_except GET lets HEAD through as well."
#   controls: [HTTP-11, CIS-NGX-5.1.2]
#   bad: "location ^~ /desktop/ { proxy_pass https://finesse_a; }"
#   good: "limit_except GET { deny all; }"
package policies.http.method_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.method[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
