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

lists contains {"edge": edge, "name": "set_real_ip_from", "item": item, "source": source} if {
	some edge, items in balancers.trusted
	some item, sources in items
	some source in sources
}

lists contains {"edge": edge, "name": "NGX_LOAD_BALANCER_IPS", "item": item, "source": source} if {
	some edge, items in balancers.installed
	some item, sources in items
	some source in sources
}

known(item) if networks.cidr(item) in balancers.addresses

# strange: believed, but not declared.
findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s names %s, which the site file does not declare as a load balancer", [id[1], id[2]]),
	"sources": array.concat(sort([l.source | some l in lists; [l.edge, l.name, l.item] == id]), [input.site.source]),
} if {
	some id in {[l.edge, l.name, l.item] | some l in lists; not known(l.item)}
	balancers.declared
}

# missing: declared, but not in a list that names others.
findings contains {
	"subject": id[0],
	"key": sprintf("%s without %s", [id[1], address]),
	"message": sprintf("%s lacks %s, which the site file declares as a load balancer", [id[1], address]),
	"sources": array.concat(sort([l.source | some l in lists; [l.edge, l.name] == id]), [input.site.source]),
} if {
	some id in {[l.edge, l.name] | some l in lists}
	some address in input.site.load_balancers
	network := networks.cidr(address)
	not network in {networks.cidr(l.item) | some l in lists; [l.edge, l.name] == id}
}

unsure contains {"subject": edge, "reason": "the site file declares load balancers by name only: their addresses are not known"} if {
	some edge in subjects
	balancers.declared
	count(balancers.addresses) == 0
}
