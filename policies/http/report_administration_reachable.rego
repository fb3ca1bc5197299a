# METADATA
# title: Report administration gets through the gate
# description: |-
#   Gadgets need a few folders of CUIC; the full application, its sessions and OAMP belong to the LAN. Requests were followed
#   from their raw bytes to the upstream, so a spelling that slips past a refusal counts as well.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Forward the folders of report gadgets only, and refuse the rest."
#   controls: [HTTP-08]
#   bad: "location /cuic { proxy_pass https://cuic_a; }   # /cuicui too"
#   good: "location ^~ /cuicui { return 403; }"
package policies.http.report_administration_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.cuic

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-08"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-08"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
