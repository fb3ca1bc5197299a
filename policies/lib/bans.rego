# The jails of fail2ban that ban what the gate blocks.
package policies.lib.bans

# jails[target]: those that read the gate's log of blocks, or look for its words.
jails := jail_groups

jail_groups[record.target] contains {
	"name": jail.name, "ports": jail.ports, "unknown_ports": jail.unknown_ports, "logs": jail.log_paths, "retries": jail.max_retry,
	"seconds": jail.ban_seconds, "expressions": jail.fail_regexes, "ignored": jail.ignored_nets, "source": jail.source,
} if {
	some record in input.host
	some jail in record.jails
	reads_blocks(concat("\n", jail.log_paths), concat("\n", [e.text | some e in jail.fail_regexes]))
}

reads_blocks(logs, _) if contains(logs, "blocking.log")

reads_blocks(_, expressions) if contains(expressions, "will be blocked for")
