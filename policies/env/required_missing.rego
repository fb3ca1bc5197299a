# METADATA
# title: Mandatory property of the installer is missing
# description: |-
#   What a file leaves out takes the value of the sample: another host, another list. The installer starts with it all
#   the same, and what it serves is somebody else's configuration.
# custom:
#   severity: medium
#   fix: Assign the property in the file, with the site's own value.
#   controls: [XC-40]
#   optional: [env]
#   bad: TEMPLATE_TYPE=finesse without a line NGX_FIN_HOSTNAME
#   good: |-
#     TEMPLATE_TYPE=finesse
#     NGX_FIN_HOSTNAME=fin-a.corp.example
package policies.env.required_missing

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# assigned[edge]: what is assigned something, by file and name; common also by name alone.
assigned[record.target] contains [p.file, p.name] if {
	some record in env.records
	some p in record.properties
	p.set
	p.effective
	not empty_text(p.value.known, p.value.value)
}

assigned[record.target] contains ["", p.name] if {
	some record in env.records
	some p in record.properties
	p.set
	p.effective
	p.template_type == ""
	not empty_text(p.value.known, p.value.value)
}

empty_text(true, text) if trim_space(text) == ""

assignments := assigned

gives(edge, file, name) if [file, name] in assignments[edge]

gives(edge, _, name) if ["", name] in assignments[edge]

# kinds: the files with what decides about their properties.
kinds contains {"edge": edge, "file": file.name, "kind": kind_of(file.scope, file.family), "source": file.source} if {
	some edge, files in env.files
	some file in files
	file.scope in {"component", "installer"}
}

kind_of("component", family) := family

kind_of("installer", _) := "installer"

# The properties of no component may stand in any of the common files.
kinds contains {"edge": edge, "file": common[0].name, "kind": "core", "source": common[0].source} if {
	some edge, files in env.files
	common := sort([f | some f in files; f.scope == "common"])
	count(common) > 0
}

findings contains {
	"subject": k.edge,
	"key": sprintf("%s %s", [k.file, name]),
	"message": sprintf("%s assigns no %s, which every file of its kind (%s) needs", [k.file, name, k.kind]),
	"sources": [k.source, env.places[k.edge]],
} if {
	some k in kinds
	some required in input.profile.parameters.gate.env_required
	required.template == k.kind
	some name in required.names
	not gives(k.edge, k.file, name)
}

unsure contains {"subject": edge, "reason": "there is no file of the whole proxy (core.env)"} if {
	some edge, files in env.files
	count([f | some f in files; f.scope == "common"]) == 0
}

unsure contains {"subject": edge, "reason": sprintf("the TEMPLATE_TYPE of %s is not known", [file.name])} if {
	some edge, files in env.files
	some file in files
	file.scope == "component"
	not file.template_known
}

unsure contains u if some u in env.unread
