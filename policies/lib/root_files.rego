# Files that nginx opens as root before its workers start, so that nobody else has to
# read them: mode 0400 and owner root are enough.
package policies.lib.root_files

import data.policies.lib.host
import data.policies.lib.server_files

# named[[edge, path]]: the files that directives name, with the names of these.
named[[target, key.path]] contains {"directive": key.directive, "source": key.source} if {
	some target, keys in server_files.keys
	target in host.targets
	some key in keys
}

names := named

# loose[[edge, path]]: those that others may read or own, as they are.
loose[id] contains {"mode": file.mode, "owner": file.owner, "source": file.source} if {
	some id, _ in names
	[target, path] := id
	some file in host.files[target][path]
	file.exists
	open_to_others(file.root, file.group_access, file.world_access)
}

open_files := loose

open_to_others(false, _, _)

open_to_others(_, true, _)

open_to_others(_, _, true)

# listed: the files that the list of files holds.
listed contains id if {
	some id, _ in names
	[target, path] := id
	some file in host.files[target][path]
	file.exists
}

fix(path) := sprintf("chown root:root %s && chmod 0400 %s", [path, path])
