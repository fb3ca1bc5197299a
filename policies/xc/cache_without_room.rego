# METADATA
# title: Cache is missing, belongs to somebody else, or is larger than its file system
# description: |-
#   A cache that the workers cannot write to makes every static file a request to the node. One that may outgrow the file system
#   in memory that it lies on ends in failed writes at the busiest hour.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_path
# custom:
#   severity: medium
#   fix: Give the folder to the account of the workers, and make its tmpfs at least as large as all caches on it.
#   controls: [XC-38]
#   bad: 'proxy_cache_path cache/desktop keys_zone=d:10m max_size=20m;   (tmpfs size=16m)'
#   good: 'proxy_cache_path cache/desktop keys_zone=d:10m max_size=20m;   (tmpfs size=6g)'
package policies.xc.cache_without_room

import data.policies.lib.host
import data.policies.lib.server_files

subjects contains record.target if {
	some record in input.nginxrules
	record.target in host.targets
}

findings contains {
	"subject": target,
	"key": sprintf("folder %s", [cache.path]),
	"message": sprintf("%s does not exist", [cache.path]),
	"sources": [cache.source, file.source],
} if {
	some target in subjects
	some cache in server_files.caches[target]
	some file in host.files[target][cache.path]
	not file.exists
}

findings contains {
	"subject": target,
	"key": sprintf("owner %s", [cache.path]),
	"message": sprintf("%s belongs to %s; the workers run as %s", [cache.path, file.owner, concat(", ", accounts)]),
	"fix": sprintf("chown %s %s", [concat(" ", accounts), cache.path]),
	"sources": [cache.source, file.source],
} if {
	some target in subjects
	some cache in server_files.caches[target]
	some file in host.files[target][cache.path]
	file.exists
	accounts := {a.name | some a in server_files.accounts[target]}
	not file.owner in accounts
	not named_by_number(target, file.owner)
}

# stat may show numbers where names are not known to it.
named_by_number(target, owner) if {
	some a in server_files.accounts[target]
	some user in host.users[target][a.name]
	user.uid.known
	owner == sprintf("%d", [user.uid.value])
}

# sizes[edge, mount]: the bounds of the caches on one file system.
sizes[[target, mount]] contains {"path": cache.path, "bytes": bytes(bound(concat(" ", cache.args))), "source": cache.source} if {
	some target in subjects
	some cache in server_files.caches[target]
	bound(concat(" ", cache.args)) != ""
	mount := host.covering(target, cache.path)
}

bound(text) := regex.find_n(`\bmax_size=[0-9]+[kKmMgG]?\b`, text, 1)[0]

bound(text) := "" if not regex.match(`\bmax_size=[0-9]+[kKmMgG]?\b`, text)

bytes(word) := to_number(regex.find_n(`[0-9]+`, word, 1)[0]) * scales[lower(regex.replace(word, `^max_size=[0-9]+`, ""))]

scales := {"": 1, "k": 1024, "m": 1048576, "g": 1073741824}

findings contains {
	"subject": id[0],
	"key": sprintf("size %s", [id[1]]),
	"message": sprintf("the caches on %s may grow to %d MiB together; the file system holds %d", [id[1], floor(total / 1048576), floor(mount.size.value / 1048576)]),
	"fix": sprintf("mount -o remount,size=%dm %s, and the same in /etc/fstab", [ceil(total / 1048576), id[1]]),
	"sources": array.concat([mount.source], [c.source | some c in caches]),
} if {
	some id, caches in sizes
	some mount in host.mounts[id[0]][id[1]]
	mount.type == "tmpfs"
	mount.size.known
	total := sum([c.bytes | some c in caches])
	total > mount.size.value
}

findings contains {
	"subject": target,
	"key": sprintf("unbounded %s", [cache.path]),
	"message": sprintf("the cache in %s has no max_size, and lies in the memory of %s", [cache.path, path]),
	"fix": "max_size=500m",
	"sources": [cache.source, mount.source],
} if {
	some target in subjects
	some cache in server_files.caches[target]
	bound(concat(" ", cache.args)) == ""
	path := host.covering(target, cache.path)
	some mount in host.mounts[target][path]
	mount.type == "tmpfs"
}

unsure contains {"subject": target, "reason": sprintf("the list of files does not hold %s", [cache.path])} if {
	some target in subjects
	some cache in server_files.caches[target]
	not host.files[target][cache.path]
}
