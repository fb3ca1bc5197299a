# Services of nodes, and what the transcript of a node shows of changes that wait
# for a restart.
package policies.lib.services

# states[[node, service]]: each state that the list of a node shows, folded names.
states := listed

listed[[node.target, lower(service.name)]] contains {"state": service.state, "remark": service.remark, "source": service.source} if {
	some node in input.vos
	some service in node.services.services
}

# is_known: the nodes whose list was read to its end.
is_known contains node.target if {
	some node in input.vos
	node.services.known
}

# changes[node]: the commands that changed something, with their lines.
changes := changed

changed[node.target] contains {"command": command.command, "line": command.source.line} if {
	some node in input.vos
	some command in node.commands
	command.kind == "change"
	not command.refused
}

restarts[[node.target, lower(restart.service)]] contains restart.source.line if {
	some node in input.vos
	some restart in node.service_restarts
	restart.state == "started"
}

# restarted_after holds when the transcript shows the service started anew behind
# a line.
restarted_after(target, service, line) if {
	some at in restarts[[target, lower(service)]]
	at > line
}
