# What "nginx -V" tells of the program of each edge.
package policies.lib.releases

# programs: the edges whose program is known.
programs := {record.target: record.program |
	some record in input.nginxrules
	record.program.known
}

edges contains record.target if some record in input.nginxrules

# unread: edges whose program nobody showed.
unread contains target if {
	some target in edges
	not programs[target]
}

# numbers[edge][product]: the release in the numbering of each product.
numbers[record.target].nginx contains version_numbers(record.program.version) if {
	some record in input.nginxrules
	record.program.known
	regex.match(`^\d{1,4}(\.\d{1,4}){1,3}$`, record.program.version)
}

numbers[record.target].openresty contains record.program.release_numbers if {
	some record in input.nginxrules
	record.program.known
	record.program.flavour == "openresty"
	count(record.program.release_numbers) > 0
}

by_product := numbers

version_numbers(text) := [to_number(part) | some part in split(text, ".")]

# library is the TLS library that runs, else the one that was compiled in.
library[record.target] := record.program.running_with if {
	some record in input.nginxrules
	record.program.known
	record.program.running_with.known
}

library[record.target] := record.program.built_with if {
	some record in input.nginxrules
	record.program.known
	not record.program.running_with.known
	record.program.built_with.known
}

libraries := library

# modules[edge]: the names of the modules that were compiled in or made to load.
module_names[record.target] contains module.name if {
	some record in input.nginxrules
	some module in record.program.modules
	module.choice != "without"
}

modules := module_names

left_out[record.target] contains module.name if {
	some record in input.nginxrules
	some module in record.program.modules
	module.choice == "without"
}

without := left_out
