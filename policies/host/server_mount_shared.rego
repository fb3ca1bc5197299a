# METADATA
# title: Server or its caches share a file system with the system
# description: |-
#   Logs and caches that grow then fill the disk that everything else needs, and a file that an attacker uploads can be run. The
#   published layout gives the server a file system of its own and its caches one in memory without programs and devices.
# custom:
#   severity: medium
#   fix: Mount a file system at the prefix of nginx, and a tmpfs with noexec, nodev and nosuid at its cache.
#   controls: [HOST-07]
#   bad: tmpfs /usr/local/openresty/nginx/cache tmpfs rw
#   good: tmpfs /usr/local/openresty/nginx/cache tmpfs rw,noexec,nodev,nosuid
package policies.host.server_mount_shared

import data.policies.lib.host
import data.policies.lib.server_files

# Where a container holds the server, the mounts of the host do not show it.
subjects contains target if {
	input.profile.parameters.host.own_mount
	some target in host.targets
	host.mounts[target]
	server_files.prefixes[target]
}

system := {"/", "/usr", "/usr/local", "/opt", "/var", "/etc", "/usr/share"}

findings contains {
	"subject": target,
	"key": "prefix",
	"message": sprintf("%s lies on the file system of %s", [prefix, mount]),
	"fix": sprintf("mount a volume of its own at %s, with nodev and nosuid", [prefix]),
	"sources": [m.source],
} if {
	some target in subjects
	some prefix in server_files.prefixes[target]
	mount := host.covering(target, prefix)
	mount in system
	some m in host.mounts[target][mount]
}

stored[[target, mount]] contains store.source if {
	some target in subjects
	some store in server_files.stores[target]
	mount := host.covering(target, store.path)
}

findings contains {
	"subject": id[0],
	"key": sprintf("options %s", [id[1]]),
	"message": sprintf("%s, which holds caches or temporary files of requests, is mounted without %s", [id[1], concat(", ", missing)]),
	"fix": sprintf("add %s to the options of %s in /etc/fstab", [concat(",", missing), id[1]]),
	"sources": array.concat([m.source], [s | some s in sources]),
} if {
	some id, sources in stored
	some m in host.mounts[id[0]][id[1]]
	missing := [option | some option, on in {"noexec": m.noexec, "nodev": m.nodev, "nosuid": m.nosuid}; not on]
	count(missing) > 0
}

findings contains {
	"subject": id[0],
	"key": sprintf("type %s", [id[1]]),
	"message": sprintf("%s, which holds caches or temporary files of requests, is %s and not in memory", [id[1], m.type]),
	"fix": sprintf("mount a tmpfs at %s", [id[1]]),
	"sources": array.concat([m.source], [s | some s in sources]),
} if {
	some id, sources in stored
	some m in host.mounts[id[0]][id[1]]
	m.type != "tmpfs"
}
