# METADATA
# title: Cross-origin filter is off or lets everything pass
# description: |-
#   In the permissive mode every web page that an agent opens may act for him; a fresh Finesse starts that way. Switched
#   off, reporting gadgets and integrations cannot reach the server at all.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#http-cors-protocol
# custom:
#   severity: high
#   fix: Add the needed origins, then enable the filter with the component's cors enable command on every node.
#   controls: [CORS-01, CORS-04]
#   bad: |-
#     Cisco Finesse CORS is enabled for all
#   good: |-
#     Cisco Finesse CORS is enabled
package policies.cors.filter_off_or_permissive

import data.policies.lib.callers

subjects contains record.target if some record in input.cors

findings contains {
	"subject": record.target,
	"key": sprintf("%s permissive", [record.component]),
	"message": sprintf("%s answers every origin", [record.component]),
	"fix": sprintf("Run on the node: utils %s cors enable, after adding the needed origins", [callers.words[record.component]]),
	"sources": [record.mode_source],
} if {
	some record in input.cors
	record.mode == "enable_all"
}

# Other origins call CUIC and Live Data in every deployment; Finesse only where
# there are such servers or integrations.
called("cuic")

called("livedata")

called("finesse") if count(input.site.integrations) > 0

called("finesse") if {
	some node in input.site.nodes
	node.role in {"cuic", "livedata", "uccx"}
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s off", [record.component]),
	"message": sprintf("the cross-origin filter of %s is off, so it answers no other origin", [record.component]),
	"fix": sprintf("Run on the node: utils %s cors enable, after adding the needed origins", [callers.words[record.component]]),
	"sources": [record.mode_source],
} if {
	some record in input.cors
	record.mode == "disabled"
	called(record.component)
}

unsure contains {"subject": record.target, "reason": sprintf("the state of the filter of %s is not known", [record.component])} if {
	some record in input.cors
	record.mode == "unknown"
}
