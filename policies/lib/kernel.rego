# The kernel's values compared with those of the profile, by topic. Each topic is a
# rule.
package policies.lib.kernel

import data.policies.lib.host

# wanted[topic]: the parameters of each edge. That of a single interface is named
# only where the kernel shows it.
wanted := wanted_groups

wanted_groups[p.topic] contains {"target": target, "key": p.key, "value": p.value, "bound": p.bound} if {
	some p in input.profile.parameters.host.kernel
	some target in host.targets
	not without_ipv6(target, p.key)
}

wanted_groups[p.topic] contains {"target": edge.subject, "key": key, "value": p.value, "bound": p.bound} if {
	some p in input.profile.parameters.host.kernel
	p.interfaces
	some edge in input.site.edges
	not without_ipv6(edge.subject, p.key)
	some name in {edge.interfaces.external, edge.interfaces.internal}
	name != ""
	key := replace(p.key, ".conf.all.", sprintf(".conf.%s.", [replace(name, ".", "/")]))
	host.sysctls[edge.subject][key]
}

# without_ipv6 holds for a parameter of IPv6 on an edge whose kernel has it off.
without_ipv6(target, key) if {
	startswith(key, "net.ipv6.")
	ipv6_off[target]
}

ipv6_off contains target if {
	some target in host.targets
	some s in host.sysctls[target]["net.ipv6.conf.all.disable_ipv6"]
	s.text == "1"
}

# A kernel that was started without IPv6 shows none of its parameters, and no
# address of IPv6 either, not even that of loopback. A shortened list alone proves
# nothing.
ipv6_off contains target if {
	some target in host.targets
	host.sysctls[target]["net.ipv4.ip_forward"]
	not with_ipv6[target]
	host.places[target].addresses
	not addressed[target]
}

addressed contains record.target if {
	some record in input.host
	some interface in record.interfaces
	some address in interface.addresses
	address.family == "ipv6"
}

with_ipv6 contains record.target if {
	some record in input.host
	some sysctl in record.sysctls
	startswith(sysctl.key, "net.ipv6.conf.")
}

# differing[topic]: the parameters whose value at run time is another one.
differing := differing_groups

differing_groups[topic] contains {"target": w.target, "key": w.key, "text": s.text, "value": w.value, "bound": w.bound, "source": s.source} if {
	some topic, ws in wanted
	some w in ws
	some s in host.sysctls[w.target][w.key]
	s.number.known
	not fits(w.bound, s.number.value, w.value)
}

differing_groups[topic] contains {"target": w.target, "key": w.key, "text": s.text, "value": w.value, "bound": w.bound, "source": s.source} if {
	some topic, ws in wanted
	some w in ws
	some s in host.sysctls[w.target][w.key]
	not s.number.known
}

# missing[topic]: the parameters that a captured list does not show.
missing := missing_groups

missing_groups[topic] contains {"target": w.target, "key": w.key} if {
	some topic, ws in wanted
	some w in ws
	host.places[w.target].sysctl
	not host.sysctls[w.target][w.key]
}

fits("exactly", is, value) if is == value

fits("least", is, value) if is >= value

fits("most", is, value) if is <= value

bound_words := {"exactly": "", "least": "at least ", "most": "at most "}

# message and remedy word a finding of any topic.
message(key, text, bound, value) := sprintf("%s is %s; the profile asks for %s%d", [key, text, bound_words[bound], value])

remedy(key, value) := sprintf("write `%s = %d` into the last file of /etc/sysctl.d and run `sysctl --system`", [key, value])

gone(key) := sprintf("the list of kernel parameters does not show %s", [key])
