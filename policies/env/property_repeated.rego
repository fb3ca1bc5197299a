# METADATA
# title: Property of the installer is assigned twice
# description: |-
#   The last assignment in a file wins, and which of two files wins is not documented. Whoever reads the first line, as
#   an operator under pressure does, believes something else than what is running.
# custom:
#   severity: low
#   fix: Keep one assignment of each property.
#   controls: [XC-40]
#   optional: [env]
#   bad: |-
#     NGX_PRXY_SSL_VERIFY=on
#     NGX_PRXY_SSL_VERIFY=off
#   good: NGX_PRXY_SSL_VERIFY=on
package policies.env.property_repeated

import data.policies.lib.env

subjects contains edge if some edge in env.declared

assignments[[record.target, p.file, p.name]] contains p.source if {
	some record in env.records
	some p in record.properties
	p.set
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s assigns %s %d times", [id[1], id[2], count(places)]),
	"sources": sort([s | some s in places]),
} if {
	some id, places in assignments
	count(places) > 1
}

# shared[[edge, name]]: the values that the files of no component give.
shared[[edge, name]] contains {"file": p.file, "text": p.text, "source": p.source} if {
	some edge, by_name in env.properties
	some name, all_of_name in by_name
	some p in all_of_name
	p.set
	p.family == ""
}

findings contains {
	"subject": id[0],
	"key": sprintf("common files %s", [id[1]]),
	"message": sprintf("%s has different values in %s", [id[1], concat(" and ", sort({v.file | some v in values}))]),
	"sources": sort([v.source | some v in values]),
} if {
	some id, values in shared
	count({v.text | some v in values}) > 1
}

unsure contains u if some u in env.unread
