# What is said of a defect that a proof of exposure found, and how it is mended.
package policies.lib.exposed_words

# oddity ranks the requests that show one defect: what climbs says more of paths that are
# read in two ways than what does nothing, and a name of the gate more of a login.
oddity("ambiguous", request, _) := 0 if contains(request, "..;")

oddity("ambiguous", request, _) := 1 if not contains(request, "..;")

oddity(topic, _, false) := 0 if topic != "ambiguous"

oddity(topic, _, true) := 1 if topic != "ambiguous"

# few names closed paths, or tells how many they are.
few(paths) := paths if count(paths) <= 3

few(paths) := [sprintf("%d closed paths", [count(paths)])] if count(paths) > 3

more([]) := []

more(paths) := [sprintf("Closed and forwarded there as well: %s", [concat(", ", paths)])] if count(paths) in {1, 2, 3}

more(paths) := [sprintf("Closed and forwarded there as well: %s and %d more", [concat(", ", array.slice(paths, 0, 3)), count(paths) - 3])] if count(paths) > 3

message("outside", request, block, upstream, sent, _, _, _, _) := sprintf("%q gets through %s to %s as %q, which is no path of the allowed surface", [request, block, upstream, sent])

message("method", request, block, upstream, _, template, methods, _, _) := sprintf(
	"%q gets through %s to %s, although %s is for %s only%s",
	[request, block, upstream, template, methods, aside(request)],
)

message("chosen", request, block, upstream, _, _, _, _, _) := sprintf("%q has %s forward to %s, which the client chose", [request, block, upstream])

message("tunnel", request, block, upstream, _, template, _, _, _) := sprintf(
	"%q gets through %s to %s with its Upgrade, and the surface has no WebSocket at %s: what follows an answer 101 is bytes of the client's choice",
	[request, block, upstream, template],
)

message("ambiguous", request, block, upstream, sent, _, _, why, _) := sprintf(
	"%q gets through %s to %s as %q, which upstreams read in more than one way (%s)",
	[request, block, upstream, sent, why],
)

message("unnamed", request, block, upstream, _, _, _, _, _) := sprintf("%q gets through %s to %s, although its host is no name of the gate", [request, block, upstream])

message("guard", request, block, upstream, _, template, _, _, _) := sprintf("%q gets through %s to %s, and nothing asks for credentials, which %s wants", [request, block, upstream, template])

message("file", request, block, _, _, _, _, _, file) := sprintf("%q has %s answer with %q, outside of its folder; a name behind the dots is looked up there", [request, block, file])

message(topic, request, block, upstream, sent, template, _, why, _) := sprintf(
	"%q gets through %s to %s as %q: %s is closed (%s)",
	[request, block, upstream, sent, template, why],
) if {
	startswith(topic, "HTTP-")
}

aside(request) := " (limit_except GET means HEAD too)" if startswith(request, "HEAD ")

aside(request) := "" if not startswith(request, "HEAD ")

# cause: a defect that takes a header of an upstream is mended where that is read.
cause(topic, supposed) := topic if not contains(supposed, "X-Accel-Redirect")

cause(_, supposed) := "told" if contains(supposed, "X-Accel-Redirect")

# fix is what to write at a place. "served" are the allowed paths that are forwarded
# there, "wider" those of them that want more methods.
fix("outside", block, place, _, _, _, _, _, served, _) := sprintf("Narrow %s (%s) to what it is for: %s", [block, place, narrow(served)]) if {
	count(served) in {1, 2, 3, 4}
}

fix("outside", block, place, _, _, _, _, _, served, _) := listed(block, place) if {
	not count(served) in {1, 2, 3, 4}
}

fix("method", block, place, _, _, template, methods, _, _, wider) := sprintf("In %s (%s): %s", [block, place, limit(methods)]) if {
	count(wider) == 0
	not parts_differ(template)
}

# What lies below may want more, so the path itself gets a location.
fix("method", block, place, _, _, template, methods, _, _, wider) := sprintf(
	"Beside %s (%s), forward %s in a location of its own: location ~ ^%s$ { %s ... }%s",
	[block, place, shorter(template), pattern(shorter(template)), limit(methods), unlocked(block)],
) if {
	count(wider) == 0
	parts_differ(template)
}

fix("method", block, place, _, _, _, methods, _, _, wider) := sprintf(
	"Forward %s in locations of their own, and in %s (%s): %s",
	[concat(", ", wider), block, place, limit(methods)],
) if {
	count(wider) in {1, 2, 3, 4}
}

fix("method", block, place, _, _, _, _, _, _, wider) := sprintf(
	"Instead of %s (%s), forward each path of the surface in a location of its own that takes its methods only",
	[block, place],
) if {
	count(wider) > 4
}

fix("told", block, place, _, _, _, _, _, _, _) := sprintf("Where the answer that leads to %s (%s) comes from: proxy_ignore_headers X-Accel-Redirect;", [block, place])

fix("chosen", block, place, _, _, _, _, _, _, _) := sprintf("In %s (%s), name the upstream in proxy_pass, without a variable that the client fills", [block, place])

fix("tunnel", block, place, _, _, _, _, _, _, _) := sprintf(
	`In %s (%s), leave out proxy_set_header Upgrade, or write proxy_set_header Upgrade ""; only locations of WebSockets need it`,
	[block, place],
)

fix("ambiguous", _, _, _, _, _, _, _, _, _) := concat("", [
	`Let plain paths pass only, in http: map $request $plain { default 0; "~^[A-Z]+ /(\?|\x20HTTP)" 1; `,
	`"~^[A-Z]+ (/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?(\?|\x20HTTP)" 1; } and in the server: if ($plain = 0) { return 400; }`,
])

fix("unnamed", _, _, _, _, _, _, _, _, _) := "Name the hosts of the proxy map in server_name and no others, and let a default_server refuse the rest: return 444;"

fix("guard", block, place, _, _, _, _, _, _, _) := sprintf(
	"In %s (%s): auth_request /authenticate; with an internal location of that name that asks Finesse, or the access handler of the vendor",
	[block, place],
)

fix("file", block, place, _, _, _, _, _, _, _) := sprintf("Write %s/ instead of %s (%s), and end its alias in a slash", [block, block, place]) if regex.match(`^location (\^~ )?/.*[^/]$`, block)

fix("file", block, place, _, _, _, _, _, _, _) := sprintf("In %s (%s), end the prefix and its alias in a slash, both or none", [block, place]) if not regex.match(`^location (\^~ )?/.*[^/]$`, block)

fix(topic, block, place, path, sent, _, _, closed, _, _) := close(kind(block, path, sent, count(closed)), block, place, closed) if startswith(topic, "HTTP-")

# kind: how a closed path comes through.
kind(block, _, _, _) := "refused" if startswith(block, "location @")

kind(block, path, sent, _) := "changed" if {
	not startswith(block, "location @")
	changed(path, sent)
}

kind(block, path, sent, total) := "few" if {
	not startswith(block, "location @")
	not changed(path, sent)
	total <= 3
}

kind(block, path, sent, total) := "many" if {
	not startswith(block, "location @")
	not changed(path, sent)
	total > 3
}

# changed: whether the upstream gets another path than a plain one that was asked for.
changed(path, sent) if {
	regex.match(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?$`, path)
	not startswith(path, sent)
}

close("refused", block, place, _) := sprintf("%s (%s) takes requests that were refused: answer them there, and forward none", [block, place])

close("changed", block, place, _) := sprintf("In %s (%s), pass paths on as they came: no path behind the upstream in proxy_pass, and no rewrite", [block, place])

close("few", block, place, closed) := sprintf("Beside %s (%s): %s", [block, place, concat(" ", refusals)]) if {
	refusals := [sprintf("location ^~ %s { return 403; }", [trim_suffix(c, "/**")]) | some c in closed]
}

close("many", block, place, _) := listed(block, place)

listed(block, place) := sprintf("Instead of %s (%s), forward each path of the surface in a location of its own, and refuse the rest: location / { return 421; }", [block, place])

# unlocked: no pattern is looked at where a prefix with ^~ fits.
unlocked(block) := ", and take ^~ away here" if startswith(block, "location ^~")

unlocked(block) := "" if not startswith(block, "location ^~")

limit(methods) := sprintf("if ($request_method !~ ^(%s)$) { return 405; }", [concat("|", methods)])

# parts_differ: a path with a part that clients fill is one thing and what lies below
# another.
parts_differ(template) if regex.match(`\}/\*\*$`, template)

shorter(template) := trim_suffix(template, "/**")

narrow([template]) := sprintf("location = %s", [template]) if not regex.match(`[{*]`, template)

narrow([template]) := sprintf("location ~ ^%s$", [pattern(template)]) if regex.match(`[{*]`, template)

narrow(templates) := sprintf("location ~ ^(%s)$", [concat("|", [pattern(t) | some t in templates])]) if count(templates) > 1

# pattern writes a template of the surface as nginx does.
pattern(template) := regex.replace(regex.replace(replace(template, ".", `\.`), `\{[^}]*\}`, `[A-Za-z0-9._~-]+`), `/\*\*$`, `(/.*)?`)
