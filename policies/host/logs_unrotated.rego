# METADATA
# title: Logs of nginx are not rotated
# description: |-
#   A log that only grows fills its disk, and then the gate either stops or stops writing down who came. Rotated files can be
#   kept as long as an investigation needs them.
# related_resources:
# - ref: https://man7.org/linux/man-pages/man8/logrotate.8.html
# custom:
#   severity: medium
#   fix: Name the folder of the logs in a stanza of logrotate.
#   controls: [HOST-10, CIS-NGX-3.4]
#   bad: (no stanza for /usr/local/openresty/nginx/logs)
#   good: '/usr/local/openresty/nginx/logs/*.log { daily rotate 30 }'
package policies.host.logs_unrotated

import data.policies.lib.bans
import data.policies.lib.host
import data.policies.lib.server_files

# written: the log files of an edge, from the configuration of nginx and from the
# jail that reads what the gate blocks.
written[target] contains {"path": log.path, "source": log.source} if {
	some target in host.targets
	some log in server_files.logs[target]
}

written[target] contains {"path": path, "source": jail.source} if {
	some target in host.targets
	some jail in bans.jails[target]
	some path in jail.logs
	startswith(path, "/")
	not contains(path, "*")
}

subjects contains target if some target, _ in written

patterns[record.target] contains pattern if {
	some record in input.host
	some stanza in record.log_rotations
	some pattern in stanza.patterns
}

rotated contains [target, log.path] if {
	some target, logs in written
	some log in logs
	some pattern in patterns[target]
	glob.match(pattern, ["/"], log.path)
}

by_path[[target, log.path]] contains log.source if {
	some target, logs in written
	some log in logs
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("no stanza of logrotate is about %s", [id[1]]),
	"fix": sprintf("%s {\n    daily\n    rotate 30\n    compress\n    delaycompress\n    sharedscripts\n    postrotate\n        kill -USR1 $(cat %s)\n    endscript\n}", [id[1], pid_of(id[0])]),
	"sources": array.concat([s | some s in sources], [s | some s in host.places[id[0]].logrotate]),
} if {
	some id, sources in by_path
	host.places[id[0]].logrotate
	not id in rotated
}

pid_of(target) := min({pid.path | some pid in server_files.pids[target]}) if count(server_files.pids[target]) > 0

pid_of(target) := "/the/pid/file/of/nginx" if not server_files.pids[target]

findings contains {
	"subject": target,
	"key": "timer",
	"message": "logrotate.timer is not enabled, so that nothing is rotated",
	"fix": "systemctl enable --now logrotate.timer",
	"sources": [unit.source],
} if {
	some target in subjects
	some unit in host.services[target]["logrotate.timer"]
	not unit.enabled
}
