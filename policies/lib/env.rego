# Indexes over the installer's environment files. What a file assigns holds; the
# documented default of what none assigns holds only in the release that it was
# documented for.
package policies.lib.env

# declared: the edges whose installer files the site file names. Rules about these
# files have nothing to judge elsewhere.
declared contains edge.subject if {
	some edge in input.site.edges
	edge.env != ""
}

read_targets contains record.target if some record in input.env

# unread: declared files of which nothing is known.
unread contains {"subject": subject, "reason": "the installer's files were not read"} if {
	some subject in declared
	not subject in read_targets
}

# records: what was read of the declared ones.
records := [record | some record in input.env; record.target in declared]

# places[edge]: where the files are declared, the source of what no file assigns.
places := {edge.subject: edge.source | some edge in input.site.edges}

# family is the kind of component that a template configures, without a release.
family(template) := split(lower(template), "_12.")[0]

# files[edge]: the files with the family of their component.
files := file_groups

file_groups[record.target] contains {
	"subject": file.subject, "name": file.name, "scope": file.scope, "template": file.template_type.value, "template_known": file.template_type.known,
	"family": family(file.template_type.value), "directory": file.component_dir.value, "directory_known": file.component_dir.known, "source": file.source,
} if {
	some record in records
	some file in record.files
}

# holds: an assignment, or a default of this very release.
holds(true, _)

holds(false, version) if version == input.profile.release

# properties[edge][name]: the values that hold.
properties := property_groups

property_groups[record.target][p.name] contains {
	"file": p.file, "family": family(p.template_type), "set": p.set, "text": p.value.value, "number": p.number, "switch": p.switch, "list": p.list,
	"endpoints": p.endpoints, "scheme": p.scheme, "path": p.path, "source": source_of(p.source.artifact, p.source, record.source),
} if {
	some record in records
	some p in record.properties
	p.effective
	p.value.known
	holds(p.set, p.source.origin.version)
}

source_of("", _, place) := place

source_of(artifact, source, _) := source if artifact != ""

# untold[edge][name]: why the value of a property is not known.
untold := untold_groups

untold_groups[record.target][p.name] contains sprintf("%s is not assigned, and its default in %s is not documented", [p.name, input.profile.release]) if {
	some record in records
	some p in record.properties
	not p.set
	not told_default(p.value.known, p.source.origin.version)
}

untold_groups[record.target][p.name] contains sprintf("%s in %s has no value that is known", [p.name, p.file]) if {
	some record in records
	some p in record.properties
	p.set
	p.effective
	not p.secret
	not p.value.known
}

untold_groups[record.target][p.name] contains sprintf("%s in %s is empty", [p.name, p.file]) if {
	some record in records
	some p in record.properties
	p.set
	p.effective
	p.value.known
	p.kind in {"boolean", "number", "rate", "duration", "size"}
	trim_space(p.value.value) == ""
}

told_default(true, version) if version == input.profile.release

# words names a file in a message.
words("") := "no file"

words(file) := file if file != ""
