# METADATA
# title: Others than root can change the configuration of nginx
# description: |-
#   The configuration is read as root at the next start, so whoever can write to it is root then. Its folders count as much as
#   its files, since a file can be replaced there.
# custom:
#   severity: high
#   fix: Give files and folders to root, and take the right to write from others.
#   controls: [CIS-NGX-2.3.1, CIS-NGX-2.3.2, CIS-NGX-2.3.4]
#   bad: 664 deploy deploy /usr/local/openresty/nginx/conf/nginx.conf
#   good: 644 root root /usr/local/openresty/nginx/conf/nginx.conf
package policies.host.server_file_writable

import data.policies.lib.host
import data.policies.lib.server_files

# held: what is listed below the folder of the configuration, and where core dumps
# of the workers would go.
held contains {"target": target, "path": path} if {
	some target, folders in server_files.folders
	some folder in folders
	some path, _ in host.files[target]
	host.below(path, folder)
	not worked_in(target, folder, path)
}

# work[edge]: the folders that nginx itself writes to, which some layouts keep
# beside the configuration.
work[target] contains store.path if {
	some target, stores in server_files.stores
	some store in stores
}

work[target] contains regex.replace(log.path, `/[^/]*$`, "") if {
	some target, logs in server_files.logs
	some log in logs
}

work[target] contains regex.replace(pid.path, `/[^/]*$`, "") if {
	some target, pids in server_files.pids
	some pid in pids
}

worked_in(target, folder, path) if {
	some place in work[target]
	place != folder
	host.below(path, place)
}

worked_in(target, folder, path) if {
	some place in work[target]
	path != folder
	host.below(place, path)
}

held contains {"target": record.target, "path": setting.args[0]} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "working_directory"
	setting.source.origin.kind == "explicit"
}

subjects contains target if {
	some target, _ in server_files.folders
	target in host.targets
	host.places[target].files
}

findings contains {
	"subject": h.target,
	"key": h.path,
	"message": sprintf("%s has mode %s and belongs to %s", [h.path, file.mode, file.owner]),
	"fix": sprintf("chown root:root %s && chmod go-w %s", [h.path, h.path]),
	"sources": [file.source],
} if {
	some h in held
	h.target in subjects
	some file in host.files[h.target][h.path]
	file.exists
	others_write(file.root, file.group_writable, file.world_writable)
}

others_write(false, _, _)

others_write(_, true, _)

others_write(_, _, true)

listed contains h.target if some h in held

unsure contains {"subject": target, "reason": "the list of files holds nothing of the folder of the configuration"} if {
	some target in subjects
	not target in listed
}
