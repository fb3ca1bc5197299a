# METADATA
# title: Ban is short, slow or can be turned against others
# description: |-
#   A ban that ends before the gate's own block gains nothing. An expression that may match anywhere in a line also matches text
#   that the client put into its request, and then bans an address of the client's choice.
# related_resources:
# - ref: https://fail2ban.readthedocs.io/en/latest/filters.html
# custom:
#   severity: medium
#   fix: Set maxretry to 1, bantime to at least that of the block, and write failregex from ^ to <HOST> without .* or .+.
#   controls: [HOST-09]
#   bad: 'failregex = <HOST> will be blocked for'
#   good: 'failregex = ^\s*\[(?:emerg|error)\] \d+#\d+: \*\d+ \[lua\] block_unauthorized_users\.lua:\d+: _redirectAndSendError\(\): <HOST> will be blocked for'
package policies.host.ban_weak

import data.policies.lib.bans
import data.policies.lib.networks

subjects contains target if some target, _ in bans.jails

findings contains {
	"subject": target,
	"key": sprintf("%s maxretry", [jail.name]),
	"message": sprintf("[%s] bans after %d blocks; the gate has already counted failures, so the profile asks for %d", [jail.name, jail.retries.value, input.profile.parameters.host.ban_failures]),
	"fix": sprintf("maxretry = %d", [input.profile.parameters.host.ban_failures]),
	"sources": [jail.source],
} if {
	some target, jails in bans.jails
	some jail in jails
	jail.retries.known
	jail.retries.value > input.profile.parameters.host.ban_failures
}

findings contains {
	"subject": target,
	"key": sprintf("%s bantime", [jail.name]),
	"message": sprintf("[%s] bans for %d seconds; the gate itself blocks for %d", [jail.name, jail.seconds.value, input.profile.parameters.host.ban_seconds]),
	"fix": sprintf("bantime = %d", [input.profile.parameters.host.ban_seconds]),
	"sources": [jail.source],
} if {
	some target, jails in bans.jails
	some jail in jails
	jail.seconds.known
	jail.seconds.value >= 0
	jail.seconds.value < input.profile.parameters.host.ban_seconds
}

findings contains {
	"subject": target,
	"key": sprintf("%s failregex", [jail.name]),
	"message": sprintf("failregex of [%s] may match in what a client sends: %s", [jail.name, expression.text]),
	"fix": sprintf("failregex = %s", [strict]),
	"sources": [expression.source],
} if {
	some target, jails in bans.jails
	some jail in jails
	some expression in jail.expressions
	loose(expression.anchored, expression.text)
}

# strict is an expression that takes the whole line up to the address as nginx
# writes it, so that no text of a client stands before it.
strict := `^\s*\[(?:emerg|error)\] \d+#\d+: \*\d+ \[lua\] block_unauthorized_users\.lua:\d+: _redirectAndSendError\(\): <HOST> will be blocked for`

# loose: an expression without a start, or one that takes any text before the
# address.
loose(false, _)

loose(true, text) if {
	before := regex.split(`<(HOST|ADDR|IP4|IP6|SUBNET)>`, text)[0]
	regex.match(`(^|[^\\])(\\\\)*(\.|\[\^[^\]]*\]|\(\?:\.\)|\(\.\)|\\[SDW])(\*|\+|\{\d*,\})`, before)
}

findings contains {
	"subject": target,
	"key": sprintf("%s ignoreip %s", [jail.name, network]),
	"message": sprintf("[%s] never bans %s, which is a good part of the internet", [jail.name, network]),
	"fix": "ignoreip =",
	"sources": [jail.source],
} if {
	some target, jails in bans.jails
	some jail in jails
	some network in jail.ignored
	networks.cidr(network)
	networks.public_size(network)
}

unsure contains {"subject": target, "reason": sprintf("maxretry or bantime of [%s] is not known", [jail.name])} if {
	some target, jails in bans.jails
	some jail in jails
	lacks(jail.retries.known, jail.seconds.known)
}

lacks(false, _)

lacks(_, false)
