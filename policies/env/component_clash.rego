# METADATA
# title: Two components claim the same place
# description: |-
#   The gate tells upstreams apart by external host and port, and their generated files by folder. Where two share one,
#   the gate does not start, or requests for one product end at another.
# custom:
#   severity: high
#   fix: Give each component a host and port, and a NGX_COMP_DIR_NAME, of its own.
#   controls: [XC-40]
#   optional: [env]
#   bad: |-
#     NGX_COMP_DIR_NAME=fin-a   # in finesse.env
#     NGX_COMP_DIR_NAME=fin-a   # in cuic.env
#   good: |-
#     NGX_COMP_DIR_NAME=fin-a   # in finesse.env
#     NGX_COMP_DIR_NAME=cuic-a  # in cuic.env
package policies.env.component_clash

import data.policies.lib.env
import data.policies.lib.env_endpoints

subjects contains edge if some edge in env.declared

claims[[edge, "folder", file.directory]] contains {"by": file.name, "source": file.source} if {
	some edge, files in env.files
	some file in files
	file.scope == "component"
	file.directory_known
	file.directory != ""
}

claims[[o.edge, "endpoint", o.endpoint]] contains {"by": sprintf("%s in %s", [o.property, o.file]), "source": o.port_source} if {
	some o in env_endpoints.outer
	not o.alternate
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("the %s %s is claimed by %s", [id[1], id[2], concat(" and ", sort([c.by | some c in all_of_place]))]),
	"sources": sort([c.source | some c in all_of_place]),
} if {
	some id, all_of_place in claims
	count(all_of_place) > 1
}

unsure contains {"subject": edge, "reason": sprintf("the folder of %s is not known", [file.name])} if {
	some edge, files in env.files
	some file in files
	file.scope == "component"
	not file.directory_known
}

unsure contains u if some u in env.unread
