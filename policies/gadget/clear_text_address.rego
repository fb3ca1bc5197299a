# METADATA
# title: Desktop loads a gadget over clear text
# description: |-
#   Browsers refuse to load http content into an https page, so the gadget stays empty. Where they still do, whoever sits
#   on the way can put a program of his own into the desktop.
# related_resources:
# - ref: https://www.w3.org/TR/mixed-content/
# custom:
#   severity: high
#   fix: Serve the gadget by https and write that into the layout.
#   controls: [GAD-02]
#   bad: "<gadget>http://gadgets.corp.example/crm.xml</gadget>"
#   good: "<gadget>https://gadgets.corp.example/crm.xml</gadget>"
package policies.gadget.clear_text_address

import data.policies.lib.gadgets

subjects contains "site" if count(gadgets.record_sources) > 0

plain[resource.url] contains resource.source if {
	some resources in gadgets.remote
	some resource in resources
	resource.scheme == "http"
}

findings contains {
	"subject": "site",
	"key": url,
	"message": sprintf("%s is loaded without encryption", [url]),
	"fix": sprintf("Write https://%s into the layout.", [trim_prefix(lower(url), "http://")]),
	"sources": [s | some s in sources],
} if {
	some url, sources in plain
}
