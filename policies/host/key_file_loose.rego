# METADATA
# title: Others than root may read a private key of nginx
# description: |-
#   nginx opens its keys as root before its workers start, so nobody else has to read them. A key that another account can
#   read is a key that a taken-over worker, a backup job or a colleague can copy.
# custom:
#   severity: high
#   fix: Give the file to root with mode 0400.
#   controls: [HOST-06, CIS-NGX-4.1.3]
#   bad: 644 root root /usr/local/openresty/nginx/conf/ssl/desk-a.key
#   good: 400 root root /usr/local/openresty/nginx/conf/ssl/desk-a.key
package policies.host.key_file_loose

import data.policies.lib.host
import data.policies.lib.server_files

subjects contains target if {
	some target, keys in server_files.keys
	target in host.targets
	some key in keys
	key.directive in key_directives
}

named[[target, key.path]] contains key.source if {
	some target in subjects
	some key in server_files.keys[target]
	key.directive in key_directives
}

key_directives := {"ssl_certificate_key", "proxy_ssl_certificate_key"}

loose[[target, path]] contains {"mode": file.mode, "owner": file.owner, "source": file.source} if {
	some id, _ in named
	[target, path] := id
	some file in host.files[target][path]
	file.exists
	open_to_others(file.root, file.group_access, file.world_access)
}

open_to_others(false, _, _)

open_to_others(_, true, _)

open_to_others(_, _, true)

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s has mode %s and belongs to %s", [id[1], file.mode, file.owner]),
	"fix": sprintf("chown root:root %s && chmod 0400 %s", [id[1], id[1]]),
	"sources": array.concat([file.source], [s | some s in named[id]]),
} if {
	some id, files in loose
	some file in files
}

listed contains [target, path] if {
	some id, _ in named
	[target, path] := id
	some file in host.files[target][path]
	file.exists
}

unsure contains {"subject": id[0], "reason": sprintf("the list of files does not hold %s", [id[1]])} if {
	some id, _ in named
	not id in listed
}
