# Releases of nodes: what their command line shows, or else what the site file
# declares. Releases are compared number by number.
package policies.lib.node_releases

# parts of "12.6.1.10000-23" are all five, of "12.6.1.ES07" and of "12.6(1) ES07"
# the first three.
parts(text) := [to_number(n) |
	some head in regex.find_n(`^[0-9]{1,9}([.-][0-9]{1,9})*`, replace(text, "(", "."), 1)
	some n in split(replace(head, "-", "."), ".")
]

older(text, other) if parts(text) < parts(other)

# same holds when text is the release other, whatever its build.
same(text, other) if array.slice(parts(text), 0, count(parts(other))) == parts(other)

# cut_short holds when text is the release other as far as it goes: "12.5(1)SU3" names no
# build, by which 12.5.1.11003 is told from those before it.
cut_short(text, other) if {
	count(parts(text)) < count(parts(other))
	parts(text) == array.slice(parts(other), 0, count(parts(text)))
}

train(text) := array.slice(parts(text), 0, 2)

# shown and declared: the release of each node by its subject.
shown := {node.target: {"text": node.version.value, "source": node.version.source} |
	some node in input.vos
	node.version.known
}

declared := {node.subject: {"text": node.version, "source": node.source} |
	some node in input.site.nodes
	count(parts(node.version)) > 2
}

known[target] := release if some target, release in shown

known[target] := release if {
	some target, release in declared
	not shown[target]
}

# shown_specials, declared_specials: the engineering special of each node.
shown_specials := {node.target: {"number": node.engineering_special.value, "source": node.engineering_special.source} |
	some node in input.vos
	node.engineering_special.known
}

declared_specials := {node.subject: {"number": to_number(found[0][1]), "source": node.source} |
	some node in input.site.nodes
	found := regex.find_all_string_submatch_n(`(?i)[). _-]ES[. _-]?0*([0-9]{1,3})$`, node.version, 1)
	count(found) == 1
}

specials[target] := special if some target, special in shown_specials

specials[target] := special if {
	some target, special in declared_specials
	not shown_specials[target]
}

# The profile's own is that of the Finesse nodes.
specials[node.subject] := {"number": input.profile.es_number.value, "source": input.site.source} if {
	some node in input.site.nodes
	node.role == "finesse"
	input.profile.es_number.known
	not shown_specials[node.subject]
	not declared_specials[node.subject]
}

# standing compares a node with a release and an engineering special of it: "old",
# "short" of the special, or "open" where that is not known, or the build is not that
# the release goes by. It has no value where the node is recent enough.
standing(target, version, _) := "old" if {
	older(known[target].text, version)
	not cut_short(known[target].text, version)
}

standing(target, version, _) := "open" if cut_short(known[target].text, version)

standing(target, version, special) := "short" if {
	same(known[target].text, version)
	specials[target].number < special
}

standing(target, version, special) := "open" if {
	same(known[target].text, version)
	special > 0
	not specials[target]
}

# told says what the node runs, and whose word that is: its own or the site file's.
told(target) := sprintf("runs %s", [text(target)]) if {
	shown[target]
	not declared_special(target)
}

told(target) := sprintf("runs %s, and has the engineering special by the site file's word only", [text(target)]) if {
	shown[target]
	declared_special(target)
}

told(target) := sprintf("runs %s by the site file's word", [text(target)]) if not shown[target]

declared_special(target) if {
	has_special(target)
	not shown_specials[target]
}

# missing says what is not known of a node that may be recent enough.
missing(target, version) := "build" if cut_short(known[target].text, version)

missing(target, version) := "engineering special" if not cut_short(known[target].text, version)

# text is how people call the release of a node.
text(target) := sprintf("%s ES%02d", [known[target].text, specials[target].number]) if has_special(target)

text(target) := known[target].text if not has_special(target)

# A declared release may name the special by itself.
has_special(target) if {
	specials[target].number > 0
	not contains(upper(known[target].text), "ES")
}

places[target] contains release.source if some target, release in known

places[target] contains special.source if some target, special in specials

# sources: where the release of a node stands.
sources(target) := [s | some s in places[target]]
