# METADATA
# title: A path that is no WebSocket may become a tunnel
# description: |-
#   Where Upgrade is passed on, an upstream may answer 101, and from then on nginx hands over bytes that no location, guard
#   or limit looks at. The surface lists the paths that are WebSockets; no other may be upgraded.
# related_resources:
# - ref: https://nginx.org/en/docs/http/websocket.html
# - ref: https://www.rfc-editor.org/rfc/rfc9110.html#section-7.8
# custom:
#   severity: high
#   fix: "Pass Upgrade on in the locations of WebSockets only."
#   controls: [HTTP-04, HTTP-24]
#   bad: "location /desktop/ { proxy_set_header Upgrade $http_upgrade; proxy_pass https://finesse_a; }"
#   good: "location = /ws/ { proxy_set_header Upgrade $http_upgrade; proxy_pass https://finesse_a; }"
package policies.http.tunnel_reachable

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.tunnel[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
