# METADATA
# title: Embedding entry is malformed or too broad
# description: |-
#   A wildcard over a public suffix lets sites of strangers frame the desktop, and a malformed entry can spoil the whole
#   header, which browsers then ignore.
# related_resources:
# - ref: https://www.w3.org/TR/CSP3/#directive-frame-ancestors
# custom:
#   severity: medium
#   fix: Write each embedder as https://host or https://host:port; use *. only below a domain of your own.
#   controls: [CSP-03]
#   bad: |-
#     1: https://*.example
#   good: |-
#     1: https://crm.example
package policies.framing.malformed_or_broad_entry

import data.policies.lib.origins

subjects contains record.target if some record in input.framing

entry_form := `^https://(\*\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:([0-9]{1,5}|\*))?$`

broad_form := `^(https?://)?\*(\.[A-Za-z0-9-]+)?(:([0-9]{1,5}|\*))?$`

defect(value) := "covers hosts of strangers" if regex.match(broad_form, value)

defect(value) := "has no TLS" if {
	not regex.match(broad_form, value)
	origins.clear_text(value)
}

defect(value) := "is no https origin" if {
	not regex.match(broad_form, value)
	not origins.clear_text(value)
	not regex.match(entry_form, value)
}

defects[[record.target, item.value]] contains item.source if {
	some record in input.framing
	some item in record.entries.items
	defect(item.value)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("embedding entry %q %s", [id[1], defect(id[1])]),
	"sources": [s | some s in sources],
} if {
	some id, sources in defects
}

findings contains {
	"subject": record.target,
	"key": "length",
	"message": sprintf("the list is %d characters long; %d are kept", [total, input.profile.parameters.frame_list_bytes]),
	"sources": [record.entries.source],
} if {
	some record in input.framing
	total := origins.total([count(i.value) | some i in record.entries.items])
	total > input.profile.parameters.frame_list_bytes
}

unsure contains {"subject": record.target, "reason": "the list of embedders is not known"} if {
	some record in input.framing
	not record.entries.known
}
