# METADATA
# title: Gadget from another server has the desktop's script rewritten
# description: |-
#   The gadget container rewrites the addresses in a gadget so that they go through it. The script that connects the
#   gadget with the desktop must be left alone, or the gadget never signs in behind a gate.
# custom:
#   severity: medium
#   fix: Add an exclude-url for finesse.min.js to the feature content-rewrite of the gadget.
#   controls: [GAD-04]
#   bad: "<Optional feature=\"content-rewrite\"><Param name=\"include-url\">*</Param></Optional>"
#   good: "<Param name=\"exclude-url\">finesse.min.js</Param>"
package policies.gadget.desktop_script_rewritten

import data.policies.lib.gadgets

# loaded[file]: the gadgets of other servers in the layout, by the last part of
# their path.
loaded[split(resource.path, "/")[count(split(resource.path, "/")) - 1]] contains resource.source if {
	some resources in gadgets.remote
	some resource in resources
}

files contains {"name": file.name, "base": split(file.name, "/")[count(split(file.name, "/")) - 1], "excludes": file.excludes_finesse_script, "source": file.source} if {
	some record in input.layout
	some file in record.gadget_files
}

subjects contains sprintf("gadget/%s", [safe(f.name)]) if {
	some f in files
	loaded[f.base]
}

safe(name) := replace(replace(name, "%", "%25"), "/", "%2F")

exposed[f.name] contains source if {
	some f in files
	f.excludes.known
	not f.excludes.value
	some source in (loaded[f.base] | {f.source})
}

findings contains {
	"subject": sprintf("gadget/%s", [safe(name)]),
	"key": "finesse.min.js",
	"message": sprintf("%s comes from another server and does not keep %s out of the rewriting", [name, input.profile.parameters.trust.rewrite_excluded]),
	"fix": sprintf("Write <Param name=\"exclude-url\">%s</Param> into the feature content-rewrite of %s.", [input.profile.parameters.trust.rewrite_excluded, name]),
	"sources": [s | some s in sources],
} if {
	some name, sources in exposed
	loaded[split(name, "/")[count(split(name, "/")) - 1]]
}

unsure contains {"subject": sprintf("gadget/%s", [safe(f.name)]), "reason": "a pattern of the feature content-rewrite cannot be read"} if {
	some f in files
	loaded[f.base]
	not f.excludes.known
}
