# METADATA
# title: Layout has a report gadget in the form of an older release
# description: |-
#   Report gadgets are XML files since CUIC 11. The older addresses that end in .jsp no longer load, or load a gadget that
#   does not go through the gate.
# custom:
#   severity: low
#   fix: Copy the permalink of the report in its XML form from CUIC into the layout.
#   controls: [GAD-10]
#   bad: "/cuic/gadget/Historical/HistoricalGadget.jsp?viewId=..."
#   good: "/cuic/gadget/Historical/HistoricalGadget.xml?viewId=..."
package policies.gadget.jsp_address

import data.policies.lib.gadgets

subjects contains "site" if count(gadgets.record_sources) > 0

old[resource.path] contains resource.source if {
	some record in input.layout
	some resource in record.resources
	resource.jsp
	startswith(lower(resource.path), "/cuic/")
}

findings contains {
	"subject": "site",
	"key": path,
	"message": sprintf("%s is the address of an older release", [path]),
	"fix": sprintf("Write %s with the parameters that CUIC shows for it.", [regex.replace(path, `(?i)\.jsp$`, ".xml")]),
	"sources": [s | some s in sources],
} if {
	some path, sources in old
}
