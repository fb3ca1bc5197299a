# METADATA
# title: Listener admits an origin of strangers
# description: |-
#   A page that the agent opens elsewhere may then act in his name, with his session, and read what comes back. Origins
#   that only look alike are tried too, since a filter that compares beginnings or endings takes them for its own.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#http-cors-protocol
# custom:
#   severity: high
#   fix: Enable the filter of the component with a list of exact origins, and let the gate pass its answers on unchanged.
#   controls: [CORS-01, CORS-06]
#   bad: |-
#     Access-Control-Allow-Origin: https://foreign.example
#     Access-Control-Allow-Credentials: true
#   good: |-
#     HTTP/1.1 403 Forbidden
package policies.cors.foreign_origin_admitted

import data.policies.lib.callers
import data.policies.lib.proxymap

# Only where a declared origin was admitted is it known that others were not; what
# was admitted is known in any case.
subjects contains record.subject if {
	some record in input.corslive
	record.path_proven
}

subjects contains subject if some [subject, _], _ in admitted

stranger(kind) if kind in {"foreign", "null", "clear_text", "suffix", "prefix", "subdomain", "other_port"}

# The next port of a gate may be another endpoint of the map.
own contains proxymap.origin(pair.external.host, pair.external_port) if some pair in proxymap.pairs

own contains e.origin if {
	some all_expected in callers.expected
	some e in all_expected
}

admitted[[record.subject, answer.origin]] contains {"kind": answer.origin_kind, "path": answer.path, "source": answer.source} if {
	some record in input.corslive
	some answer in record.answers
	stranger(answer.origin_kind)
	not lower(answer.origin) in own
	answer.browser_allows.known
	answer.browser_allows.value
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [kind, id[1]]),
	"message": sprintf("a page of %s may call %s with the credentials of the agent", [id[1], concat(", ", {h.path | some h in hits})]),
	"sources": [h.source | some h in hits],
} if {
	some id, all_hits in admitted
	some kind in {h.kind | some h in all_hits}
	hits := {h | some h in all_hits; h.kind == kind}
}

unsure contains {"subject": record.subject, "reason": sprintf("no answer to an origin of the kind %s: %s", [answer.origin_kind, answer.reason])} if {
	some record in input.corslive
	record.path_proven
	some answer in record.answers
	stranger(answer.origin_kind)
	answer.outcome == "unknown"
}
