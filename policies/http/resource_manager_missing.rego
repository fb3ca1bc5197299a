# METADATA
# title: Lists of open files are not fetched
# description: |-
#   The vendor's scripts fetch from Finesse which files need no login, and refuse all others before Finesse hears of them.
#   Without a manager any made-up file name goes through, and each of them costs Finesse an answer.
# related_resources:
# - ref: https://github.com/openresty/lua-nginx-module#init_worker_by_lua_block
# custom:
#   severity: medium
#   fix: Require the resource managers in init_worker_by_lua_block, as in the vendor's nginx.conf.
#   controls: [HTTP-13]
#   bad: "init_worker_by_lua_block { require('users_list_manager') }"
#   good: "init_worker_by_lua_block { require('unauthenticated_desktopresources_manager') }"
package policies.http.resource_manager_missing

# subjects: edges that run Lua at the start of a worker, as the vendor's do.
workers[record.target] contains lua if {
	some record in input.nginxrules
	some lua in record.lua
	lua.phase in {"init", "init_worker"}
}

starting := workers

subjects contains target if some target, _ in starting

required[target] contains module if {
	some target, handlers in starting
	some lua in handlers
	some name in lua.requires
	some module in input.profile.parameters.http.resource_managers
	endswith(name, module)
}

found := required

missing[target] := names if {
	some target in subjects
	names := {m | some m in input.profile.parameters.http.resource_managers} - found_of(target)
	count(names) > 0
}

found_of(target) := found[target]

found_of(target) := set() if not found[target]

lacking := missing

open_ended contains target if {
	some target, handlers in starting
	some lua in handlers
	not lua.complete
}

open_ended contains target if {
	some target, handlers in starting
	some lua in handlers
	lua.computed
}

findings contains {
	"subject": target,
	"key": name,
	"message": sprintf("no script that starts with a worker requires %s", [name]),
	"sources": [lua.source | some lua in starting[target]],
	"fix": sprintf("init_worker_by_lua_block { require(\"%s\") }", [name]),
} if {
	some target, names in lacking
	not target in open_ended
	some name in names
}

unsure contains {"subject": target, "reason": sprintf("whether the scripts require %s was not read to its end", [concat(", ", sort([n | some n in names]))])} if {
	some target, names in lacking
	target in open_ended
}
