# METADATA
# title: Lists of load balancers do not agree
# description: |-
#   Who stands before the gate is written in three places: the inventory, nginx and the installer's files. An address
#   that only one of them has is believed without need, or hides its clients.
# custom:
#   severity: medium
#   fix: Make set_real_ip_from, NGX_LOAD_BALANCER_IPS and the site file's load_balancers name the same addresses.
#   controls: [XC-24]
#   optional: [env]
#   bad: set_real_ip_from 203.0.113.20; while the site declares 203.0.113.21
#   good: set_real_ip_from 203.0.113.20; and load_balancers [203.0.113.20]
package policies.xc.balancer_lists_differ

import data.policies.lib.balancers
import data.policies.lib.networks

# subjects: the edges that believe somebody, or stand behind somebody.
subjects contains edge if some edge, _ in balancers.trusted

subjects contains edge if some edge, _ in balancers.installed

subjects contains record.target if {
	balancers.declared
	some record in input.nginxrules
}

# items[[edge, list, item]]: what each list names, with its places.
items[[edge, "set_real_ip_from", item]] contains source if {
	some edge, trusted in balancers.trusted
	some item, sources in trusted
	some source in sources
}

items[[edge, "NGX_LOAD_BALANCER_IPS", item]] contains source if {
	some edge, installed in balancers.installed
	some item, sources in installed
	some source in sources
}

# lists[[edge, list]]: the networks of each list, in one spelling; places: where it stands.
lists[[id[0], id[1]]] contains networks.cidr(id[2]) if some id, _ in items

networks_of := lists

places[[id[0], id[1]]] contains source if {
	some id, sources in items
	some source in sources
}

places_of := places

known(item) if networks.cidr(item) in balancers.addresses

# strange: believed, but not declared.
findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s names %s, which the site file does not declare as a load balancer", [id[1], id[2]]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	balancers.declared
	some id, sources in items
	not known(id[2])
}

# missing: declared, but not in a list that names others.
findings contains {
	"subject": id[0],
	"key": sprintf("%s without %s", [id[1], address]),
	"message": sprintf("%s lacks %s, which the site file declares as a load balancer", [id[1], address]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	some id, sources in places_of
	some address in input.site.load_balancers
	network := networks.cidr(address)
	not network in object.get(networks_of, [id], set())
}

unsure contains {"subject": edge, "reason": "the site file declares load balancers by name only: their addresses are not known"} if {
	some edge in subjects
	balancers.declared
	count(balancers.addresses) == 0
}
