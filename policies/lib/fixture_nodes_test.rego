# Builders for what the command line of a node shows beyond its lists.
package policies.lib.fixture

cli(line) := at("fin-a/cli.txt", line, "explicit")

amount_shown(n, line) := {"known": true, "format": "inferred", "value": n, "source": cli(line)}

no_amount := {"known": false, "format": "none", "value": 0, "source": at("", 0, "")}

# release builds the two facts of show version active.
release(version_text, special) := {"version": value(version_text, 30), "engineering_special": amount_shown(special, 31)}

services(names_and_states) := {
	"known": true, "format": "documented", "source": cli(50),
	"services": [{"name": name, "state": state, "activated": true, "remark": "", "source": cli(51)} | some name, state in names_and_states],
}

no_services := {"known": false, "format": "none", "services": [], "source": at("", 0, "")}

command(text, kind, line) := {"command": text, "kind": kind, "read": true, "refused": false, "source": cli(line)}

refused(text, line) := {"command": text, "kind": "show", "read": true, "refused": true, "source": cli(line)}

restart(service, state, line) := {"service": service, "state": state, "source": cli(line)}

# store builds a list of certificates from "unit/file.pem: description".
store(lines) := {
	"known": true, "format": "inferred", "source": cli(60),
	"certificates": [certificate_line(line, 61 + i) | some i, line in lines],
}

certificate_line(text, line) := {"unit": path[0], "file": path[1], "description": sides[1], "kind": "other", "signed_by": "", "source": cli(line)} if {
	sides := split(text, ": ")
	path := split(sides[0], "/")
}

no_store := {"known": false, "format": "none", "certificates": [], "source": at("", 0, "")}

# map_copy is a node's own copy of the map.
map_copy(entries) := {"known": true, "format": "documented", "entries": entries, "malformed": [], "problems": [], "source": cli(40)}

copied(internal, external, line) := object.union(entry(internal, external, line), {"source": cli(line)})

no_map_copy := {"known": false, "format": "none", "entries": [], "malformed": [], "problems": [], "source": at("", 0, "")}
