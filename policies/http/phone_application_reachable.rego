# METADATA
# title: Phone applications get through the gate
# description: |-
#   The applications of desk phones take their own logins and are not meant for the internet. Requests were followed from
#   their raw bytes to the upstream, so a spelling that slips past a refusal counts as well.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: medium
#   fix: "Refuse the paths of phone applications before anything is forwarded."
#   controls: [HTTP-06]
#   bad: "location /f { proxy_pass https://finesse_a; }   # /fippa too"
#   good: "location ^~ /fippa { return 403; }"
package policies.http.phone_application_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.finesse

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-06"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-06"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
