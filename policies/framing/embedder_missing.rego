# METADATA
# title: Integration may not embed the desktop
# description: |-
#   The application shows the desktop in a frame, and a browser refuses the frame unless the node names that origin. The
#   list is local to each node, so one that was forgotten breaks the application after a failover.
# related_resources:
# - ref: https://www.w3.org/TR/CSP3/#directive-frame-ancestors
# custom:
#   severity: high
#   fix: Add the origin to the frame list of every Finesse node and restart Finesse Tomcat.
#   controls: [CSP-04, BSC-06]
#   bad: |-
#     integrations: [{name: crm, embedder_origin: "https://crm.example"}]   # and no such entry
#   good: |-
#     1: https://crm.example
package policies.framing.embedder_missing

import data.policies.lib.integrations
import data.policies.lib.origins

subjects contains record.target if {
	some record in input.framing
	count(input.site.integrations) > 0
}

covers(entry, origin) if lower(entry) == lower(origin)

# A source without a scheme, or with a wildcard, as browsers read it.
covers(entry, origin) if {
	contains(entry, "*.")
	host := trim_prefix(origins.host(entry), "*")
	endswith(origins.host(origin), host)
}

covers(entry, origin) if {
	not contains(entry, "://")
	lower(entry) == trim_prefix(lower(origin), "https://")
}

findings contains {
	"subject": record.target,
	"key": name,
	"message": sprintf("%s (%s) may not embed the desktop of this node", [integration.embedder_origin, name]),
	"fix": sprintf("Run utils finesse %s add %s on the node, and restart Finesse Tomcat and the Notification Service.", [input.profile.parameters.frame_verb, integration.embedder_origin]),
	"sources": [record.entries.source, integration.source],
} if {
	some record in input.framing
	record.entries.known
	some name, integration in integrations.by_name
	integration.embedder_origin != ""
	covering := {i.value | some i in record.entries.items; covers(i.value, integration.embedder_origin)}
	count(covering) == 0
}

findings contains {
	"subject": record.target,
	"key": sprintf("clear text %s", [name]),
	"message": sprintf("the integration %s embeds the desktop from %s, which is no https origin", [name, integration.embedder_origin]),
	"fix": "Let the application be served by https, and declare that origin.",
	"sources": [integration.source],
} if {
	some record in input.framing
	some name, integration in integrations.by_name
	integration.embedder_origin != ""
	not startswith(lower(integration.embedder_origin), "https://")
}

unsure contains {"subject": record.target, "reason": "the list of embedders is not known"} if {
	some record in input.framing
	count(input.site.integrations) > 0
	not record.entries.known
}

unsure contains {"subject": record.target, "reason": sprintf("the site file does not tell from which origin %s embeds the desktop", [name])} if {
	some record in input.framing
	some name, integration in integrations.by_name
	integration.embedder_origin == ""
}
