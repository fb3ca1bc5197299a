# METADATA
# title: Page may be embedded by strangers
# description: |-
#   Whoever embeds the desktop lays his own page over it and collects clicks that change states and transfer calls. The
#   answer itself has to name who may; what the node's list says does not help if the header is lost on its way.
# related_resources:
# - ref: https://www.w3.org/TR/CSP3/#directive-frame-ancestors
# custom:
#   severity: high
#   fix: Let the page be sent with Content-Security-Policy frame-ancestors and the declared embedders, and keep the header at the gate.
#   controls: [CSP-05, CIS-NGX-5.3.1]
#   bad: |-
#     Content-Security-Policy: default-src 'self'
#   good: |-
#     Content-Security-Policy: frame-ancestors 'self' https://crm.example
package policies.framing.stranger_may_embed

# pages are those that a frame would show.
pages contains {"subject": record.subject, "page": page} if {
	some record in input.framinglive
	some page in record.pages
	page.html
}

subjects contains p.subject if some p in pages

words := {"foreign": "any site", "clear_text": "a page of the same host without TLS"}

embeddable[[p.subject, embedder.kind, p.page.path]] contains p.page.source if {
	some p in pages
	some embedder in p.page.embedders
	embedder.may_embed
	words[embedder.kind]
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s may embed %s", [words[id[1]], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in embeddable
}

unsure contains {"subject": p.subject, "reason": sprintf("who may embed %s cannot be read from its head", [p.page.path])} if {
	some p in pages
	count(p.page.embedders) == 0
}
