# METADATA
# title: Hidden files may be served
# description: |-
#   Files whose name begins with a dot are leftovers of editors, version control and accounts, and were never meant for
#   a browser. Where nginx serves files at all, it has to be told to leave these out.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8615
# custom:
#   severity: low
#   fix: Refuse all paths with a dot at the start of a name in servers that serve files.
#   controls: [HTTP-20, CIS-NGX-2.5.3]
#   bad: "location / { root html; }"
#   good: "location ~ /\\. { return 404; }"
package policies.http.hidden_files_served

import data.policies.lib.hops
import data.policies.lib.nginx
import data.policies.lib.places

subjects contains subject if some subject in hops.reached

guarded contains l.server if {
	some l in places.locations
	l.modifier in {"regex", "regex_fold"}
	l.refuses
	regex.match(`^\^?(\(\?:\^\|/\)|/)\\\.`, l.path)
}

findings contains {
	"subject": subject,
	"key": p.place,
	"message": sprintf("%s serves files, and nothing refuses those whose name begins with a dot", [p.place]),
	"sources": [p.source],
	"fix": "location ~ /\\. { return 404; }",
} if {
	some subject in subjects
	not subject in guarded
	not subject in nginx.scripted
	some p in places.files[subject]
}

unsure contains {"subject": subject, "reason": "a Lua handler may refuse hidden files; it is not evaluated"} if {
	some subject in subjects
	not subject in guarded
	subject in nginx.scripted
	places.files[subject]
}
