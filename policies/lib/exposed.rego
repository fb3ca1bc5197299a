# What the proofs of exposure found, as rules judge it: by the topic of a rule and by
# the server in charge.
package policies.lib.exposed

# The topics of closed paths, by the first segment; what is not listed is HTTP-04.
topic_of := {
	"cfadmin": "HTTP-05", "finesse-dp": "HTTP-05",
	"fippa": "HTTP-06", "finesse-ipphone": "HTTP-06",
	"idsadmin": "HTTP-07", "ids": "HTTP-07",
	"oamp": "HTTP-08", "cuicui": "HTTP-08", "cuic": "HTTP-08",
	"cmplatform": "HTTP-09", "platform-services": "HTTP-09", "drf": "HTTP-09", "ccmadmin": "HTTP-09", "ccmuser": "HTTP-09",
	"ccmservice": "HTTP-09", "appadmin": "HTTP-09", "manager": "HTTP-09", "host-manager": "HTTP-09",
	"finesse": "HTTP-10",
	"http-bind": "HTTP-12",
}

# servers: those through which requests get somewhere, or may; leading_to[component]
# those of them that are found to lead to a component.
servers contains way.subject if {
	some proof in input.exposure
	some way in array.concat(proof.ways, proof.escapes)
}

servers contains subject if some subject, _ in undecided

leading_to[way.component] contains way.subject if {
	some proof in input.exposure
	some way in proof.ways
	way.component != ""
}

# undecided[server]: why other requests may get through than the proof found.
undecided[subject] contains reason if {
	some proof in input.exposure
	some part in proof.undecided
	some subject in concerned[[proof.target, part.subject]]
	reason := sprintf("the proof is open at %s:%d: %s", [part.source.artifact, part.source.line, part.reason])
}

undecided[way.subject] contains reason if {
	some proof in input.exposure
	some way in proof.ways
	way.class == "unassigned"
	reason := sprintf("%s leads to %s, which is no component of the surface %s: declare its node, or a component for it", [way.block, way.upstream, proof.surface])
}

# What concerns an edge concerns all its servers.
concerned[[proof.target, part.subject]] contains part.subject if {
	some proof in input.exposure
	some part in proof.undecided
}

concerned[[proof.target, proof.target]] contains way.subject if {
	some proof in input.exposure
	some way in array.concat(proof.ways, proof.escapes)
}

# found[topic][server]: the defects, one for each key, shown by the shortest request.
found[id[0]][id[1]] contains {
	"key": id[2],
	"message": first.message,
	"fix": first.fix,
	"witness": {"kind": "request", "text": first.witness},
	"sources": array.concat([first.source], sort({d.source | some [_, d] in defects; d.source != first.source})),
} if {
	some id, defects in grouped
	first := min(defects)[1]
}

grouped[[topic, way.subject, key]] contains [rank, shown] if {
	some topic, keys in topics
	some [target, i], key in keys
	way := ways[target][i]
	rank := [count(way.suppose), count(way.request), way.request, way.headers]
	shown := {
		"message": message(topic, concat(", ", array.concat([way.request], way.headers)), way.socket, way.block, way.upstream, way.sent, way.template, way.why, way.file),
		"fix": fix(topic, way.block, concat(" ", way.methods), way.template, sprintf("%s:%d", [way.location.artifact, way.location.line])),
		"witness": concat("\n", array.concat([way.request], way.headers)),
		"source": way.location,
	}
}

ways[proof.target][i] := way if {
	some proof in input.exposure
	some i, way in proof.ways
}

ways[proof.target][sprintf("file %d", [i])] := way if {
	some proof in input.exposure
	some i, way in proof.escapes
}

# topics[topic][way]: the key under which a way is a defect.
topics[topic][[proof.target, i]] := sprintf("%s %s %s", [way.socket, way.upstream, way.template]) if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class == "closed"
	topic := object.get(topic_of, split(trim_prefix(way.template, "/"), "/")[0], "HTTP-04")
}

topics[way.class][[proof.target, i]] := sprintf("%s %s", [way.socket, way.block]) if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class in {"outside", "method", "chosen"}
}

topics.ambiguous[[proof.target, i]] := way.socket if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class == "ambiguous"
}

topics.unnamed[[proof.target, i]] := way.socket if {
	some proof in input.exposure
	some i, way in proof.ways
	way.unnamed
}

topics.guard[[proof.target, i]] := sprintf("%s %s", [way.socket, way.block]) if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class == "allowed"
	way.credentials
	not way.authenticated
}

topics.file[[proof.target, sprintf("file %d", [i])]] := sprintf("%s %s", [way.socket, way.block]) if {
	some proof in input.exposure
	some i, way in proof.escapes
}

message("outside", request, socket, block, upstream, sent, _, _, _) := sprintf("%q gets through %s (%s) to %s as %q, which is no path of the allowed surface", [request, block, socket, upstream, sent])

message("method", request, socket, block, upstream, _, template, _, _) := sprintf("%q gets through %s (%s) to %s: the method is none of those for %s", [request, block, socket, upstream, template])

message("chosen", request, socket, block, upstream, _, _, _, _) := sprintf("%q has %s (%s) forward to %s, which the client chose", [request, block, socket, upstream])

message("ambiguous", request, socket, block, upstream, sent, _, _, _) := sprintf(
	"%q gets through %s (%s) to %s as %q, which upstreams read in more than one way",
	[request, block, socket, upstream, sent],
)

message("unnamed", request, socket, block, upstream, _, _, _, _) := sprintf("%q gets through %s (%s) to %s, although its host is no name of the gate", [request, block, socket, upstream])

message("guard", request, socket, block, upstream, _, template, _, _) := sprintf(
	"%q gets through %s (%s) to %s, and nothing asks for credentials, which %s wants",
	[request, block, socket, upstream, template],
)

message("file", request, socket, block, _, _, _, _, file) := sprintf("%q has %s (%s) answer with the file %q, outside of its folder", [request, block, socket, file])

message(topic, request, socket, block, upstream, sent, template, why, _) := sprintf(
	"%q gets through %s (%s) to %s as %q: %s is closed (%s)",
	[request, block, socket, upstream, sent, template, why],
) if {
	startswith(topic, "HTTP-")
}

fix("outside", block, _, _, place) := sprintf("Narrow %s (%s) to paths of the allowed surface, such as a pattern from ^/ to $, and leave the rest to location / { return 421; }", [block, place])

fix("method", block, methods, _, place) := sprintf("In %s (%s): if ($request_method !~ ^(%s)$) { return 405; }", [block, place, replace(methods, " ", "|")])

fix("chosen", block, _, _, place) := sprintf("In %s (%s), name the upstream in proxy_pass, without a variable that the client fills", [block, place])

fix("ambiguous", _, _, _, _) := sprintf(
	"%s: %s, and in%s",
	[
		"Let plain paths pass only",
		`map $request_uri $plain { default 0; "~^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?(\?|$)" 1; }`,
		" the server: if ($plain = 0) { return 400; }",
	],
)

fix("unnamed", _, _, _, _) := "Add a server for unknown names: server { listen ... default_server; return 444; }, and refuse what has no name"

fix("guard", block, _, _, place) := sprintf("In %s (%s): auth_request /authenticate; or the access handler of the vendor", [block, place])

fix("file", block, _, _, place) := sprintf("In %s (%s), end the prefix and its alias in a slash, both or none", [block, place])

fix(topic, block, _, template, place) := sprintf("Beside %s (%s): location ^~ %s { return 403; }", [block, place, trim_suffix(template, "/**")]) if startswith(topic, "HTTP-")
