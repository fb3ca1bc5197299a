# METADATA
# title: Origin without TLS is allowed
# description: |-
#   A page that came in clear text can be changed on its way, and with it the script that then acts for the agent. An
#   allowed http origin makes every coffee-house network an allowed origin.
# related_resources:
# - ref: https://www.w3.org/TR/mixed-content/
# custom:
#   severity: high
#   fix: Delete the entry; add the https form if the application still needs it.
#   controls: [CORS-06]
#   bad: |-
#     1: http://crm.example
#   good: |-
#     1: https://crm.example
package policies.cors.clear_text_origin

import data.policies.lib.origins

subjects contains record.target if some record in input.cors

clear[[record.target, record.component, lower(item.value)]] contains item.source if {
	some record in input.cors
	some item in record.allowed_origins.items
	origins.clear_text(item.value)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s allows %s", [id[1], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in clear
}

unsure contains {"subject": record.target, "reason": sprintf("the allowed origins of %s are not known", [record.component])} if {
	some record in input.cors
	not record.allowed_origins.known
}
