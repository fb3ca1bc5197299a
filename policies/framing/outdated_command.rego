# METADATA
# title: Embedding is set with a command of another release
# description: |-
#   The command has changed its name twice, and an older name may be accepted without any effect. What administrators
#   believe to be restricted is then open.
# custom:
#   severity: low
#   fix: Set the list again with the command that the profile names, and update the node if it does not know it.
#   controls: [CSP-01]
#   bad: |-
#     utils finesse frame_access_whitelist add https://crm.example
#   good: |-
#     utils finesse frame_access_allowed_list add https://crm.example
package policies.framing.outdated_command

subjects contains record.target if some record in input.framing

findings contains {
	"subject": record.target,
	"key": record.verb,
	"message": sprintf("the node answers to %s; this release has %s", [record.verb, input.profile.parameters.frame_verb]),
	"sources": [record.entries.source],
} if {
	some record in input.framing
	record.entries.known
	record.verb != input.profile.parameters.frame_verb
}

unsure contains {"subject": record.target, "reason": "which command the node has is not known"} if {
	some record in input.framing
	not record.entries.known
}
