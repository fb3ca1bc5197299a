# METADATA
# title: Allowed origin is malformed
# description: |-
#   Browsers send scheme, host and port and nothing else, and servers compare byte by byte. An entry with a path, a
#   blank or capital letters matches no browser, so what it was meant to allow stays refused.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc6454#section-6.2
# custom:
#   severity: medium
#   fix: Delete the entry and add it as https://host or https://host:port, in lower case and without a slash.
#   controls: [CORS-05]
#   bad: |-
#     1: https://Desk-A.agents.example:8444/cuic
#   good: |-
#     1: https://desk-a.agents.example:8444
package policies.cors.malformed_origin

import data.policies.lib.origins

subjects contains record.target if some record in input.cors

defect(value) := "is no origin (scheme, host and maybe a port)" if not origins.well_formed(value)

defect(value) := "has capital letters, which no browser sends" if {
	origins.well_formed(value)
	lower(value) != value
}

defect(value) := "names the port that its scheme implies, which no browser sends" if {
	origins.well_formed(value)
	lower(value) == value
	regex.match(`^(https://[^:]+:443|http://[^:]+:80)$`, value)
}

defects[[record.target, record.component, item.value]] contains item.source if {
	some record in input.cors
	some item in record.allowed_origins.items
	defect(item.value)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s: allowed origin %q %s", [id[1], id[2], defect(id[2])]),
	"sources": [s | some s in sources],
} if {
	some id, sources in defects
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s length", [record.component]),
	"message": sprintf("the list of %s is %d characters long; %d are kept", [record.component, total, input.profile.parameters.origin_list_bytes]),
	"sources": [record.allowed_origins.source],
} if {
	some record in input.cors
	total := origins.total([count(i.value) | some i in record.allowed_origins.items])
	total > input.profile.parameters.origin_list_bytes
}

unsure contains {"subject": record.target, "reason": sprintf("the allowed origins of %s are not known", [record.component])} if {
	some record in input.cors
	not record.allowed_origins.known
}
