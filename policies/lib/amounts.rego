# Quantities as nginx writes them, for directives whose amount stands elsewhere
# than in the first argument.
package policies.lib.amounts

unit := {"": 1, "k": 1024, "K": 1024, "m": 1048576, "M": 1048576}

# bytes reads a size such as 8k; it is undefined for anything else.
bytes(text) := to_number(parts[1]) * unit[parts[2]] if {
	parts := regex.find_all_string_submatch_n(`^(\d{1,12})([kKmM]?)$`, text, 1)[0]
}

second := {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2592000, "y": 31536000}

# seconds reads a time of one unit, such as 24h.
seconds(text) := to_number(parts[1]) * second[parts[2]] if {
	parts := regex.find_all_string_submatch_n(`^(\d{1,9})([smhdwMy]?)$`, text, 1)[0]
}
