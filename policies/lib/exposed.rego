# What the proofs of exposure found, as rules judge it: by the topic of a rule and by
# the server in charge.
package policies.lib.exposed

import data.policies.lib.exposed_words
import data.policies.lib.proxymap

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

# decided: the servers that a proof says everything about.
decided contains subject if {
	some subject in servers
	not undecided[subject]
}

# asking: those of which a request gets through with somebody's credentials.
asking contains way.subject if {
	some proof in input.exposure
	some way in proof.ways
	way.authenticated
}

# open: those of which a request for agents gets through to Finesse with nobody's.
open contains way.subject if {
	some proof in input.exposure
	some way in proof.ways
	way.class == "allowed"
	way.component == "finesse"
	way.credentials
	not way.authenticated
}

# naming: those proved to forward for the names of the map and no others.
naming contains way.subject if {
	some proof in input.exposure
	some way in proof.ways
	way.class == "allowed"
	way.subject in decided
	not strangers[way.subject]
	count(proxymap.external_hosts) > 0
}

# strangers[server][port]: a host that is no name of the gate and gets through, empty
# for a request that has no such header.
strangers[way.subject][to_number(regex.find_n(`[0-9]+$`, way.socket, 1)[0])] contains host if {
	some proof in input.exposure
	some way in proof.ways
	way.unnamed
	host := concat("", [lower(trim_prefix(h, "Host: ")) | some h in way.headers; startswith(h, "Host: ")])
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

# found[topic][server]: the defects, one for each key, shown by the request that says
# most, and then the shortest. A key names the closed paths, as long as they are few.
found[id[0]][id[1]] contains {
	"key": concat(" ", array.concat([id[2]], exposed_words.few(sort(closed)))),
	"message": concat(". ", array.concat([concat("", [first.message, first.supposed])], exposed_words.more(array.slice(closed, 1, count(closed))))),
	"fix": exposed_words.fix(exposed_words.cause(id[0], first.supposed), first.block, first.place, first.path, first.sent, first.template, first.methods, closed, first.served, first.wider),
	"witness": {"kind": "request", "text": first.witness},
	"sources": array.concat([first.source], sort({d.source | some [_, d] in defects; d.source != first.source})),
} if {
	some id, defects in grouped
	first := min(defects)[1]
	shut := {d.template | some [_, d] in defects; startswith(id[0], "HTTP-")}
	closed := array.concat([t | some t in shut; t == first.template], [t | some t in sort(shut); t != first.template])
}

grouped[[topic, way.subject, key]] contains [rank, shown] if {
	some topic, keys in topics
	some [target, i], key in keys
	way := ways[target][i]
	asked := concat(", ", array.concat([way.request], way.headers))
	supposed := concat("", [sprintf(", supposing that %s", [s]) | some s in way.suppose])
	rank := [exposed_words.oddity(topic, way.request, way.unnamed), count(way.suppose), count(way.request), way.request, way.headers]
	at := [way.subject, way.location.artifact, way.location.line]
	shown := {
		"message": exposed_words.message(topic, asked, sprintf("%s (%s)", [way.block, way.socket]), way.upstream, way.sent, way.template, concat(", ", way.methods), way.why, way.file),
		"supposed": supposed,
		"block": way.block, "place": sprintf("%s:%d", [way.location.artifact, way.location.line]),
		"path": split(way.request, " ")[1], "sent": way.sent, "template": way.template, "methods": way.methods,
		"served": sort({t | some t, _ in served[at]}),
		"wider": sort({t | some t, methods in served[at]; count(methods - {m | some m in way.methods}) > 0}),
		"witness": concat("\n", array.concat([way.request], way.headers)),
		"source": way.location,
	}
}

# served[location][template]: the methods of the allowed paths that a location forwards.
served[[way.subject, way.location.artifact, way.location.line]][way.template] contains method if {
	some proof in input.exposure
	some way in proof.ways
	way.class in {"allowed", "method"}
	some method in way.methods
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
topics[topic][[proof.target, i]] := sprintf("%s %s", [way.socket, way.block]) if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class == "closed"
	topic := object.get(topic_of, split(trim_prefix(way.template, "/"), "/")[0], "HTTP-04")
}

topics[way.class][[proof.target, i]] := sprintf("%s %s", [way.socket, way.block]) if {
	some proof in input.exposure
	some i, way in proof.ways
	way.class in {"outside", "method", "chosen", "tunnel"}
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
