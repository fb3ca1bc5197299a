# METADATA
# title: Desktop gets its events by long polling
# description: |-
#   Outside, the path of long polling is closed and only the WebSocket is passed on. A desktop that is told to poll logs in
#   and then sees no call, no state and no message.
# custom:
#   severity: high
#   fix: Run utils finesse set_property desktop notificationConnectionType websocket on the node, and restart Finesse Tomcat.
#   controls: [HTTP-12]
#   bad: |-
#     notificationConnectionType: bosh
#   good: |-
#     notificationConnectionType: websocket
package policies.vos.notification_by_polling

import data.policies.lib.gated

subjects contains node.target if some node in gated.desktops

findings contains {
	"subject": node.target,
	"key": "notificationConnectionType",
	"message": sprintf("notificationConnectionType is %s, which no gate passes on", [node.notification_connection.value]),
	"sources": [node.notification_connection.source],
} if {
	some node in gated.desktops
	node.notification_connection.known
	not startswith(lower(node.notification_connection.value), "websocket")
}

unsure contains {"subject": node.target, "reason": "the property notificationConnectionType was not shown, or the release has none"} if {
	some node in gated.desktops
	not node.notification_connection.known
}
