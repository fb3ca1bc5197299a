# METADATA
# title: Answer names the allowed origin in a form that browsers refuse
# description: |-
#   Browsers compare one origin, byte by byte. Two headers, a list, or a path behind the host admit nobody; it happens
#   where the gate adds a header to the one that the node sends.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#cors-check
# custom:
#   severity: medium
#   fix: Let only the node send Access-Control-Allow-Origin, and correct the entry of its list.
#   controls: [CORS-05]
#   bad: |-
#     Access-Control-Allow-Origin: https://desk-a.agents.example:8445
#     Access-Control-Allow-Origin: *
#   good: |-
#     Access-Control-Allow-Origin: https://desk-a.agents.example:8445
package policies.cors.unusable_answer

import data.policies.lib.origins

subjects contains record.subject if {
	some record in input.corslive
	some answer in record.answers
	count(answer.allow_origin) > 0
}

fault(values) := sprintf("comes %d times", [count(values)]) if count(values) > 1

fault(values) := sprintf("is %q, which is no origin", [values[0]]) if {
	count(values) == 1
	not values[0] in {"*", "null"}
	not origins.well_formed(values[0])
}

faults[[record.subject, fault(answer.allow_origin)]] contains answer.source if {
	some record in input.corslive
	some answer in record.answers
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("Access-Control-Allow-Origin %s, so browsers let nobody in", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in faults
}

unsure contains {"subject": record.subject, "reason": "the head of an answer has lines that are no fields"} if {
	some record in input.corslive
	record.subject in subjects
	some answer in record.answers
	answer.odd_head
}
