# METADATA
# title: Anybody may ask how a user signs in
# description: |-
#   The interface tells without a login whether an account exists and how it signs in. Who guesses passwords begins
#   there, and a gate that lets it through gives the list of accounts away.
# custom:
#   severity: medium
#   fix: Run utils finesse set_property webservices enableUserAuthMode false on the node, and restart Finesse Tomcat.
#   controls: [AUTH-12]
#   bad: |-
#     enableUserAuthMode: true
#   good: |-
#     enableUserAuthMode: false
package policies.vos.user_auth_mode_open

import data.policies.lib.gated

subjects contains node.target if some node in gated.desktops

findings contains {
	"subject": node.target,
	"key": "enableUserAuthMode",
	"message": sprintf("enableUserAuthMode is %s: the interface answers without a login", [node.user_auth_mode.value]),
	"sources": [node.user_auth_mode.source],
} if {
	some node in gated.desktops
	node.user_auth_mode.known
	lower(node.user_auth_mode.value) in {"true", "on", "enabled", "enable"}
}

unsure contains {"subject": node.target, "reason": "the property enableUserAuthMode was not shown, or the release has none"} if {
	some node in gated.desktops
	not node.user_auth_mode.known
}

unsure contains {"subject": node.target, "reason": sprintf("%s is no value of enableUserAuthMode that is known", [node.user_auth_mode.value])} if {
	some node in gated.desktops
	node.user_auth_mode.known
	not lower(node.user_auth_mode.value) in {"true", "on", "enabled", "enable", "false", "off", "disabled", "disable"}
}
