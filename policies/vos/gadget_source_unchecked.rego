# METADATA
# title: Gadgets may be fetched from anywhere
# description: |-
#   The desktop server fetches gadgets by itself. Without a list of sources anybody with a login lets it fetch from
#   inside addresses that no firewall shows to him, and sees the answer.
# related_resources:
# - ref: https://nvd.nist.gov/vuln/detail/CVE-2024-20404
# custom:
#   severity: high
#   fix: List the sources, then run utils finesse gadget_source_check enable on the node.
#   controls: [GSC-01]
#   bad: |-
#     Gadget source check is disabled
#   good: |-
#     Gadget source check is enabled
#     1: https://cuic-a.corp.example:8444
package policies.vos.gadget_source_unchecked

import data.policies.lib.gated
import data.policies.lib.origins

subjects contains node.target if some node in gated.desktops

findings contains {
	"subject": node.target,
	"key": "off",
	"message": sprintf("the gadget source check is %s, so the node fetches gadgets from every address", [node.gadget_source_check.value]),
	"fix": "Run utils finesse gadget_source_check enable on the node, after listing the sources, and restart Finesse Tomcat.",
	"sources": [node.gadget_source_check.source],
} if {
	some node in gated.desktops
	node.gadget_source_check.known
	node.gadget_source_check.value != "enabled"
}

broad[[node.target, item.value]] contains item.source if {
	some node in gated.desktops
	some item in node.gadget_sources.items
	contains(item.value, "*")
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("gadgets may come from %s, which stands for hosts of strangers", [id[1]]),
	"fix": sprintf("Run utils finesse gadget_source_check allowed_list delete on the node, choose %s, and add each host by name.", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in broad
}

clear[[node.target, item.value]] contains item.source if {
	some node in gated.desktops
	some item in node.gadget_sources.items
	origins.clear_text(item.value)
}

findings contains {
	"subject": id[0],
	"key": sprintf("clear text %s", [id[1]]),
	"message": sprintf("gadgets may come from %s, without TLS", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in clear
}

unsure contains {"subject": node.target, "reason": "the state of the gadget source check is not known"} if {
	some node in gated.desktops
	not node.gadget_source_check.known
}

unsure contains {"subject": node.target, "reason": "the list of gadget sources is not known"} if {
	some node in gated.desktops
	not node.gadget_sources.known
}
