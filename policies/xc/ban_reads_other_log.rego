# METADATA
# title: Ban reads a log that the gate does not write
# description: |-
#   The jail waits for lines that never come, fail2ban reports that all is well, and nobody is ever banned. It happens when nginx
#   moves to another prefix or the name of the log is changed on one side only.
# custom:
#   severity: medium
#   fix: Name the log that the gate writes about blocked clients in logpath.
#   controls: [XC-25]
#   bad: logpath = /var/log/nginx/blocking.log
#   good: logpath = /usr/local/openresty/nginx/logs/blocking.log
package policies.xc.ban_reads_other_log

import data.policies.lib.bans
import data.policies.lib.host
import data.policies.lib.server_files

records := {record.target: record.source | some record in input.nginxrules}

subjects contains target if {
	some target, _ in bans.jails
	records[target]
}

# written[edge]: where the gate may write what it blocks: the log of that name in
# the folder of its logs, and each error log, in which Lua writes its messages.
written[target] contains path if {
	some target in subjects
	some prefix in server_files.prefixes[target]
	path := sprintf("%s/logs/blocking.log", [prefix])
}

written[target] contains log.path if {
	some target in subjects
	some log in server_files.logs[target]
}

findings contains {
	"subject": target,
	"key": sprintf("%s %s", [jail.name, path]),
	"message": sprintf("[%s] reads %s; the gate writes %s", [jail.name, path, concat(", ", written[target])]),
	"fix": sprintf("logpath = %s", [best(target)]),
	"sources": [jail.source, records[target]],
} if {
	some target in subjects
	written[target]
	some jail in bans.jails[target]
	some path in jail.logs
	not reads(target, path)
}

reads(target, path) if path in written[target]

reads(target, path) if {
	some log in written[target]
	glob.match(path, ["/"], log)
}

best(target) := min({log | some log in written[target]; contains(log, "blocking")})

findings contains {
	"subject": target,
	"key": sprintf("%s gone %s", [jail.name, path]),
	"message": sprintf("[%s] reads %s, which is not there", [jail.name, path]),
	"fix": sprintf("touch %s", [path]),
	"sources": [jail.source, file.source],
} if {
	some target in subjects
	some jail in bans.jails[target]
	some path in jail.logs
	some file in host.files[target][path]
	not file.exists
}

unsure contains {"subject": target, "reason": "the folder that nginx writes its logs to is not known"} if {
	some target in subjects
	not written[target]
}
