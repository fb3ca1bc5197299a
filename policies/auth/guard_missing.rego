# METADATA
# title: Requests are forwarded without asking for credentials
# description: |-
#   Nodes trust the gate and spare it their own limits, so that it has to know who asks. Requests were followed to the
#   upstream, and some that the surface wants authenticated meet no guard on their way.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_auth_request_module.html
# custom:
#   severity: high
#   fix: "Use auth_request, or the vendor's Lua access handlers, in every location that forwards for agents."
#   controls: [AUTH-01]
#   bad: "auth_request off;   # in a location below /finesse/api"
#   good: "auth_request /authenticate;"
package policies.auth.guard_missing

import data.policies.lib.exposed
import data.policies.lib.unasked

# A server that asks nobody at all is judged as a whole, by no_authentication.
subjects contains subject if {
	some subject in exposed.servers
	not subject in unasked.servers
}

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.guard[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
