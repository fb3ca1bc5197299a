# METADATA
# title: Header list of the cross-origin filter holds a wildcard
# description: |-
#   The lists name what pages of other origins may send and read beyond the ordinary. A wildcard opens all of it, and
#   with credentials browsers take it for the name of a header, so it does not even do what it seems to.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#http-access-control-allow-headers
# custom:
#   severity: medium
#   fix: Delete the wildcard, and add each custom header by its name on every node.
#   controls: [CORS-09]
#   bad: |-
#     1: *
#   good: |-
#     1: x-crm-session
package policies.cors.any_header

import data.policies.lib.callers

subjects contains record.target if some record in input.cors

wild[[record.target, record.component, "allowed_headers", item.value]] contains item.source if {
	some record in input.cors
	some item in record.allowed_headers.items
	contains(item.value, "*")
}

wild[[record.target, record.component, "exposed_headers", item.value]] contains item.source if {
	some record in input.cors
	some item in record.exposed_headers.items
	contains(item.value, "*")
}

findings contains {
	"subject": id[0],
	"key": concat(" ", [id[1], id[2], id[3]]),
	"message": sprintf("%s of %s holds %s", [id[2], id[1], id[3]]),
	"fix": sprintf("Run utils %s cors %s delete on the node, choose %s, and add each header by its name.", [callers.words[id[1]], id[2], id[3]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in wild
}

unsure contains {"subject": record.target, "reason": sprintf("the allowed headers of %s are not known", [record.component])} if {
	some record in input.cors
	not record.allowed_headers.known
}

unsure contains {"subject": record.target, "reason": sprintf("the exposed headers of %s are not known", [record.component])} if {
	some record in input.cors
	not record.exposed_headers.known
}
