# What nodes trust by their command line: the names of the certificates in the
# list of tomcat-trust. Where the files themselves are there, they decide.
package policies.lib.node_stores

import data.policies.lib.certificates

# names[node]: files and descriptions of its list, folded, as common names read. A
# file is called after the common name, with a number where there are several.
names := name_groups

name_groups[node.target] contains name if {
	some node in input.vos
	some certificate in node.trust_certificates.certificates
	certificate.unit == "tomcat-trust"
	some name in readings(certificate.file, certificate.description)
}

readings(file, description) := {plain(file), plain(regex.replace(file, `[-_][0-9A-Fa-f]{6,64}\.(pem|der)$`, "")), plain(description)}

plain(text) := lower(replace(regex.replace(trim_space(text), `\.(pem|der)$`, ""), "_", " "))

whole contains node.target if {
	some node in input.vos
	node.trust_certificates.known
}

sources[node.target] contains node.trust_certificates.source if {
	some node in input.vos
	node.trust_certificates.known
}

# common_name of a certificate, and of the one that signed it.
common_names(sha) := {lower(name) |
	some name in ({certificates.found[sha].common_name} | {found[1] |
		some found in regex.find_all_string_submatch_n(`(?:^|,\s?)CN=([^,]+)`, certificates.found[sha].issuer_name, 1)
	})
	name != ""
}

# verdict tells whether a node trusts a certificate, or any that signed it: "yes",
# "no" or "open".
verdict(target, sha) := "yes" if certificates.trusts(target, sha)

verdict(target, sha) := "no" if {
	not certificates.trusts(target, sha)
	certificates.lists[target].complete
}

verdict(target, sha) := by_name(target, sha) if {
	not certificates.trusts(target, sha)
	not has_files(target)
}

has_files(target) if certificates.lists[target].complete

by_name(target, sha) := "yes" if listed(target, sha)

by_name(target, sha) := "no" if {
	not listed(target, sha)
	target in whole
}

by_name(target, sha) := "open" if {
	not listed(target, sha)
	not target in whole
}

listed(target, sha) if {
	some above in certificates.line[sha]
	some name in common_names(above)
	plain(name) in names[target]
}

# places: where the list of a node stands.
places(target) := [certificates.lists[target].source] if has_files(target)

places(target) := [s | some s in sources[target]] if not has_files(target)
