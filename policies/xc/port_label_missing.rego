# METADATA
# title: SELinux does not let nginx bind a port that it is configured for
# description: |-
#   SELinux gives each port a type, and a web server may bind those of its own. Without the label nginx fails at its next start,
#   and the quick way out is to switch SELinux off.
# related_resources:
# - ref: https://man7.org/linux/man-pages/man8/semanage-port.8.html
# custom:
#   severity: medium
#   fix: Give the port the type of web servers with semanage.
#   controls: [XC-26]
#   bad: (no line of semanage port -l gives 12005 a type of web servers)
#   good: http_port_t tcp 80, 443, 8445, 12005
package policies.xc.port_label_missing

import data.policies.lib.host

# Where SELinux is off nothing is refused; another rule reports that.
subjects contains record.target if {
	some record in input.host
	host.places[record.target].selinux_ports
	record.selinux.mode != "disabled"
	configured[record.target]
}

configured contains record.target if some record in input.nginxrules

sockets[[record.target, socket.port]] contains socket.source if {
	some record in input.nginxrules
	some socket in record.sockets
	socket.port > 0
}

# labels[edge]: the labels of TCP ports.
labels[record.target] contains {"type": label.type, "from": label.from, "to": label.to, "source": label.source} if {
	some record in input.host
	some label in record.port_labels
	label.protocol == "tcp"
}

on(target, port) := {l | some l in labels[target]; l.from <= port; port <= l.to}

allowed(target, port) if {
	some l in on(target, port)
	l.type in input.profile.parameters.host.port_types
}

# A label of its own is changed, one of a range is added to.
command(target, port) := "-m" if {
	some l in on(target, port)
	l.from == l.to
}

command(target, port) := "-a" if count([l | some l in on(target, port); l.from == l.to]) == 0

findings contains {
	"subject": id[0],
	"key": sprintf("%d", [id[1]]),
	"message": sprintf("nginx listens on %d, whose type is %s", [id[1], types(concat(", ", {l.type | some l in on(id[0], id[1])}))]),
	"fix": sprintf("semanage port %s -t %s -p tcp %d", [command(id[0], id[1]), input.profile.parameters.host.port_types[0], id[1]]),
	"sources": array.concat([s | some s in sources], [s | some s in host.places[id[0]].selinux_ports]),
} if {
	some id, sources in sockets
	id[0] in subjects
	not allowed(id[0], id[1])
}

types("") := "not set"

types(names) := names if names != ""
