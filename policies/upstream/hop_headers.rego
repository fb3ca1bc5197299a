# METADATA
# title: Connection headers of clients reach the upstream
# description: |-
#   A Connection header that is passed on lets a client name headers to be dropped, and ends the connections that the
#   gate wants to keep. With Accept-Encoding the node compresses what it should have translated.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
# custom:
#   severity: medium
#   fix: Set proxy_set_header Connection ""; and proxy_set_header Accept-Encoding ""; in the location, or leave the server's in force.
#   controls: [UP-05]
#   bad: proxy_set_header Connection $http_connection;
#   good: proxy_set_header Connection "";
package policies.upstream.hop_headers

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.vendor_servers

wrong(value) if contains(value, "$http_")

findings contains {
	"subject": r.server,
	"key": sprintf("%s Connection", [r.place]),
	"message": sprintf("%s passes the Connection header of the client on (%s)", [r.place, texts]),
	"fix": `proxy_set_header Connection "";`,
	"sources": sort([h.source | some h in wrongs]),
} if {
	some r in forwarding.direct
	wrongs := {h | some h in forwarding.headers[r.at].connection; wrong(h.value)}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

# nginx itself sends "Connection: close" unless told otherwise.
findings contains {
	"subject": r.server,
	"key": sprintf("%s Accept-Encoding", [r.place]),
	"message": sprintf("%s lets the client's Accept-Encoding through (%s)", [r.place, texts]),
	"fix": `proxy_set_header Accept-Encoding "";`,
	"sources": sort([h.source | some h in wrongs]),
} if {
	some r in forwarding.direct
	wrongs := {h | some h in forwarding.headers[r.at]["accept-encoding"]; not h.value in {"", "identity"}}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

findings contains {
	"subject": r.server,
	"key": sprintf("%s Accept-Encoding", [r.place]),
	"message": sprintf("%s does not clear Accept-Encoding", [r.place]),
	"fix": `proxy_set_header Accept-Encoding "";`,
	"sources": [forwarding.first_place[r.at]],
} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["accept-encoding"]
	not r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("Lua may clear Accept-Encoding in %s", [r.place])} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["accept-encoding"]
	r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("requests come to %s through another server of the gate; what both make of the headers is not followed", [r.place])} if {
	some r in forwarding.relayed
}
