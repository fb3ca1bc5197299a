# METADATA
# title: Old embedding switch is wide open
# description: |-
#   With it any site may show the desktop in a frame of its own and catch the clicks of an agent. The list of allowed
#   embedders does not count while the switch is open.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc7034
# custom:
#   severity: high
#   fix: Run utils finesse xframe disable on the node and restart Finesse Tomcat; allow embedders in the list.
#   controls: [CSP-02]
#   bad: |-
#     admin:utils finesse xframe status
#     xframe is enabled for all
#   good: |-
#     admin:utils finesse xframe status
#     xframe is disabled
package policies.framing.unrestricted_switch

subjects contains record.target if some record in input.framing

findings contains {
	"subject": record.target,
	"key": "xframe",
	"message": "xframe is enable_all: every site may embed the desktop",
	"sources": [record.xframe.source],
} if {
	some record in input.framing
	record.xframe.known
	record.xframe.value == "enable_all"
}

# Releases with a list have no switch; its absence says nothing on others.
unsure contains {"subject": record.target, "reason": "neither the switch nor the list was shown"} if {
	some record in input.framing
	not record.xframe.known
	not record.entries.known
}

unsure contains {"subject": record.target, "reason": "a release of this age has the switch, and its state is not known"} if {
	some record in input.framing
	not record.xframe.known
	record.verb == "xframe"
}
