# METADATA
# title: Nothing bans the clients that the gate blocks
# description: |-
#   The gate answers a blocked client on and on, and each answer costs it a handshake. A ban in the packet filter keeps a guesser
#   or a flood away from nginx altogether.
# related_resources:
# - ref: https://github.com/fail2ban/fail2ban/blob/master/man/jail.conf.5
# custom:
#   severity: medium
#   fix: Install fail2ban with a jail that reads blocking.log, and enable its service.
#   controls: [HOST-09]
#   bad: (no jail reads blocking.log)
#   good: logpath = /usr/local/openresty/nginx/logs/blocking.log
package policies.host.bans_missing

import data.policies.lib.bans
import data.policies.lib.host

subjects contains target if some target in host.targets

findings contains {
	"subject": target,
	"key": "jail",
	"message": "no enabled jail of fail2ban reads what the gate writes about blocked clients",
	"fix": "add the section [finesse-http-auth] to jail.local with `enabled = true`, `filter = finesseban` and `logpath` of blocking.log",
	"sources": [s | some s in host.places[target].fail2ban],
} if {
	some target in subjects
	host.places[target].fail2ban
	not bans.jails[target]
}

findings contains {
	"subject": target,
	"key": "service",
	"message": sprintf("fail2ban.service is not %s", [concat(" and not ", lacks)]),
	"fix": "systemctl enable --now fail2ban.service",
	"sources": [s | some s in host.places[target].units],
} if {
	some target in subjects
	host.places[target].units
	lacks := lacking(target)
	count(lacks) > 0
}

lacking(target) := array.concat(["enabled" | not host.enabled(target, "fail2ban.service")], ["running" | not_running(target)])

# Only the list of running units tells that one does not run.
not_running(target) if {
	host.places[target].unit_states
	not host.running(target, "fail2ban.service")
}
