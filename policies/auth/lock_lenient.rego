# METADATA
# title: Guessing clients are locked out late or briefly
# description: |-
#   The gate is reached by everybody, and behind it accounts are locked for the agents themselves. A lock that comes
#   late or ends soon lets a guesser go on all night.
# custom:
#   severity: medium
#   fix: Set the threshold to 5 failures, the window to 30 seconds and the block to 1800 seconds.
#   controls: [AUTH-05]
#   bad: set $auth_failure_threshold_for_lock 100;
#   good: set $auth_failure_threshold_for_lock 5;
package policies.auth.lock_lenient

import data.policies.lib.forwarding

gate := input.profile.parameters.gate

# bounds: the variables that the gate's Lua code reads.
bounds := {
	"auth_failure_threshold_for_lock": {"least": 1, "most": gate.lock_failures, "what": "failures before a client is locked"},
	"auth_failure_counting_window_secs": {"least": gate.lock_window_seconds, "most": 86400, "what": "seconds in which failures are counted"},
	"ip_blocking_duration": {"least": gate.lock_block_seconds, "most": 31536000, "what": "seconds of the block"},
}

subjects contains r.edge if some r in forwarding.vendor

values contains {"edge": record.target, "name": trim_prefix(setting.args[0], "$"), "text": setting.args[1], "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "set"
}

values contains {"edge": record.target, "name": trim_prefix(setting.args[0], "$"), "text": setting.args[1], "source": setting.source} if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.name == "set"
}

values contains {"edge": record.target, "name": trim_prefix(map.variable, "$"), "text": entry.value, "source": entry.source} if {
	some record in input.nginxrules
	some map in record.maps
	some entry in map.entries
}

lock_values contains v if {
	some v in values
	v.edge in subjects
	bounds[v.name]
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("$%s is %s; %d to %d %s are wanted", [id[1], id[2], bounds[id[1]].least, bounds[id[1]].most, bounds[id[1]].what]),
	"sources": places,
} if {
	some id in {[v.edge, v.name, v.text] | some v in lock_values}
	regex.match(`^[0-9]{1,9}$`, id[2])
	not within(to_number(id[2]), bounds[id[1]].least, bounds[id[1]].most)
	places := sort([v.source | some v in lock_values; [v.edge, v.name, v.text] == id])
}

within(number, least, most) if {
	number >= least
	number <= most
}

unsure contains {"subject": v.edge, "reason": sprintf("$%s is no number in the configuration", [v.name])} if {
	some v in lock_values
	not regex.match(`^[0-9]{1,9}$`, v.text)
}

unsure contains {"subject": edge, "reason": sprintf("nothing in the configuration sets $%s", [name])} if {
	some edge in subjects
	some name, _ in bounds
	count([v | some v in lock_values; v.edge == edge; v.name == name]) == 0
}
