# METADATA
# title: IdS administration gets through the gate
# description: |-
#   The administration of the identity service decides who may sign on anywhere, and its test page shows how. Requests were
#   followed from their raw bytes to the upstream, so a spelling that slips past a refusal counts as well.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
# custom:
#   severity: high
#   fix: "Forward the paths of sign-on only, and refuse administration and test page."
#   controls: [HTTP-07]
#   bad: "location /ids { proxy_pass https://ids_a; }   # /idsadmin too"
#   good: "location ^~ /ids/saml/test { return 403; }"
package policies.http.identity_administration_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.leading_to.ids

subjects contains subject if some subject, _ in exposed.undecided

# A path closed everywhere may lead to another component as well.
subjects contains subject if some subject, _ in exposed.found["HTTP-07"]

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found["HTTP-07"][subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
