# METADATA
# title: Custom reports are closed to the gate, or unbounded
# description: |-
#   Supervisors outside see custom reports only where the reporting server permits them to come through the gate. Their
#   answers have a bound of size; far above it a single report holds up all others.
# custom:
#   severity: low
#   fix: Set the properties with set cuic properties on the node.
#   controls: [GAD-08]
#   bad: |-
#     allow-proxy-custom-report: off
#   good: |-
#     allow-proxy-custom-report: on
#     vpnless-response-size-ht: 8 MB
package policies.vos.custom_report_unbounded

import data.policies.lib.gated

subjects contains node.target if some node in gated.reporting

findings contains {
	"subject": node.target,
	"key": "allow-proxy-custom-report",
	"message": sprintf("allow-proxy-custom-report is %s, so no custom report passes the gate", [node.proxy_custom_reports.value]),
	"fix": "Run set cuic properties allow-proxy-custom-report on on the node.",
	"sources": [node.proxy_custom_reports.source],
} if {
	some node in gated.reporting
	node.proxy_custom_reports.known
	lower(node.proxy_custom_reports.value) != "on"
}

unsure contains {"subject": node.target, "reason": "the property allow-proxy-custom-report was not shown"} if {
	some node in gated.reporting
	not node.proxy_custom_reports.known
}

limits[lower(limit.name)] := min([l.bytes | some l in input.profile.parameters.vos.report_bytes; lower(l.name) == lower(limit.name)]) if {
	some limit in input.profile.parameters.vos.report_bytes
}

sizes[[node.target, lower(p.name)]] contains {"value": p.value, "bytes": p.bytes, "source": p.source} if {
	some node in gated.reporting
	some p in node.properties
	limits[lower(p.name)]
}

size_of := sizes

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], size.value]),
	"message": sprintf("%s is %s, more than the %d bytes that the guide bounds it to", [id[1], size.value, limits[id[1]]]),
	"fix": sprintf("Run set cuic properties %s on the node with a size of at most %d bytes.", [id[1], limits[id[1]]]),
	"sources": [size.source],
} if {
	some id, all_sizes in size_of
	some size in all_sizes
	size.bytes.known
	size.bytes.value > limits[id[1]]
}

unsure contains {"subject": id[0], "reason": sprintf("%s is %q, which is no size", [id[1], size.value])} if {
	some id, all_sizes in size_of
	some size in all_sizes
	not size.bytes.known
}

unsure contains {"subject": node.target, "reason": sprintf("the property %s was not shown", [name])} if {
	some node in gated.reporting
	some name, _ in limits
	not size_of[[node.target, name]]
}
