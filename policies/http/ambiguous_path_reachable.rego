# METADATA
# title: Paths that upstreams read otherwise get through the gate
# description: |-
#   A servlet container cuts parameters off and climbs, and decodes once more than nginx: /desktop/..;/cfadmin is one folder
#   to the gate and another to Finesse. What is spelt so can reach whatever the upstream serves.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Let plain paths pass only, by a pattern on $request_uri."
#   controls: [HTTP-04, HTTP-21]
#   bad: "location ^~ /desktop/ { proxy_pass https://finesse_a; }   # /desktop/..;/cfadmin"
#   good: "map $request_uri $plain { default 0; \"~^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?(\\?|$)\" 1; }"
package policies.http.ambiguous_path_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.ambiguous[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
