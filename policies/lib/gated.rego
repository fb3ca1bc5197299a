# What the command line shows of the nodes that a gate stands in front of.
package policies.lib.gated

# without: the nodes whose product keeps neither a list of trusted gates nor a
# copy of the map.
without contains node.subject if {
	some node in input.site.nodes
	node.role in {"ucm", "imp", "mediasense", "socialminer", "gadget"}
}

nodes := [node | some node in input.vos; not node.target in without]

# desktops, reporting: the nodes that run Finesse, and those that run CUIC.
desktops := [node | some node in input.vos; node.target in desktop_servers]

desktop_servers contains node.subject if {
	some node in input.site.nodes
	node.role in {"finesse", "uccx"}
}

reporting := [node | some node in input.vos; node.target in reporting_servers]

reporting_servers contains node.subject if {
	some node in input.site.nodes
	node.role in {"cuic", "uccx"}
}
