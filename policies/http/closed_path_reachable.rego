# METADATA
# title: A path that the surface closes gets through the gate
# description: |-
#   The allowed surface names paths that are refused although a wider one is open, such as those that only the gate itself
#   asks for. Requests were followed from their raw bytes to the upstream.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Refuse the path before the wider one is forwarded, or take it from the closed list in a surface of the site."
#   controls: [HTTP-04]
#   bad: "location ^~ /desktop/ { proxy_pass https://finesse_a; }"
#   good: "location ^~ /desktop/api/urls { return 403; }"
package policies.http.closed_path_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-04"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
