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

# written[[edge, name, text]]: the values of these variables, with their places.
written[[record.target, name, setting.args[1]]] contains setting.source if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "set"
	name := trim_prefix(setting.args[0], "$")
	bounds[name]
}

written[[record.target, name, setting.args[1]]] contains setting.source if {
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.name == "set"
	name := trim_prefix(setting.args[0], "$")
	bounds[name]
}

written[[record.target, name, entry.value]] contains entry.source if {
	some record in input.nginxrules
	some map in record.maps
	name := trim_prefix(map.variable, "$")
	bounds[name]
	some entry in map.entries
}

lock_values[id] := places if {
	some id, places in written
	id[0] in subjects
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("$%s is %s; %d to %d %s are wanted", [id[1], id[2], bounds[id[1]].least, bounds[id[1]].most, bounds[id[1]].what]),
	"sources": [s | some s in places],
} if {
	some id, places in lock_values
	regex.match(`^[0-9]{1,9}$`, id[2])
	not within(to_number(id[2]), bounds[id[1]].least, bounds[id[1]].most)
}

within(number, least, most) if {
	number >= least
	number <= most
}

unsure contains {"subject": id[0], "reason": sprintf("$%s is no number in the configuration", [id[1]])} if {
	some id, _ in lock_values
	not regex.match(`^[0-9]{1,9}$`, id[2])
}

set_somewhere contains [id[0], id[1]] if some id, _ in lock_values

unsure contains {"subject": edge, "reason": sprintf("nothing in the configuration sets $%s", [name])} if {
	some edge in subjects
	some name, _ in bounds
	not [edge, name] in set_somewhere
}
