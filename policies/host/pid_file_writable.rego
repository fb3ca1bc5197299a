# METADATA
# title: Others than root can write the process id file
# description: |-
#   Scripts that run as root send signals to the process whose number stands in this file. Whoever can write it decides which
#   process that is.
# related_resources:
# - ref: https://nginx.org/en/docs/ngx_core_module.html#pid
# custom:
#   severity: medium
#   fix: Give the file to root with mode 0644.
#   controls: [HOST-05, CIS-NGX-2.3.3]
#   bad: 664 nginxuser nginxuser /usr/local/openresty/nginx/logs/nginx.pid
#   good: 644 root root /usr/local/openresty/nginx/logs/nginx.pid
package policies.host.pid_file_writable

import data.policies.lib.host
import data.policies.lib.server_files

subjects contains target if {
	some target, _ in server_files.pids
	target in host.targets
}

findings contains {
	"subject": target,
	"key": pid.path,
	"message": sprintf("%s has mode %s and belongs to %s", [pid.path, file.mode, file.owner]),
	"fix": sprintf("chown root:root %s && chmod 0644 %s", [pid.path, pid.path]),
	"sources": [file.source, pid.source],
} if {
	some target in subjects
	some pid in server_files.pids[target]
	some file in host.files[target][real(target, pid.path)]
	file.exists
	others_write(file.root, file.group_writable, file.world_writable)
}

# /var/run is a link to /run everywhere today.
real(target, path) := path if host.files[target][path]

real(target, path) := trim_prefix(path, "/var") if not host.files[target][path]

others_write(false, _, _)

others_write(_, true, _)

others_write(_, _, true)

unsure contains {"subject": target, "reason": sprintf("the list of files does not hold %s", [pid.path])} if {
	some target in subjects
	some pid in server_files.pids[target]
	not listed(target, pid.path)
}

listed(target, path) if {
	some file in host.files[target][real(target, path)]
	file.exists
}
