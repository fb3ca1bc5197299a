# The configuration of the SSH servers, by keyword.
package policies.lib.ssh

import data.policies.lib.host

# servers: the edges whose SSH server is known; judged: those of which the profile
# has the benchmark asked for.
servers contains record.target if {
	some record in input.host
	record.sshd.known
}

judged contains target if {
	some target in servers
	target in host.benchmarked
}

# settings[target][keyword]: what a keyword says, one element for each line.
settings := setting_groups

setting_groups[record.target][setting.keyword] contains {"value": setting.value, "values": setting.values, "number": setting.number, "source": setting.source} if {
	some record in input.host
	some setting in record.sshd.settings
}

# sources[target]: where the configuration starts, for what it does not say.
sources := source_groups

source_groups[record.target] contains record.sshd.source if {
	some record in input.host
	record.sshd.known
}

# written: the servers of which only files are known, so that a default is not.
written contains record.target if {
	some record in input.host
	record.sshd.known
	not record.sshd.effective
}

# switched[topic]: keywords that have another value than the one that the topic
# wants; silent[topic]: those that nothing is said of.
switched := switched_groups

switched_groups[switch.topic] contains {"target": target, "directive": switch.directive, "want": switch.want, "value": s.value, "source": s.source} if {
	some switch in switches
	some target in judged
	some s in settings[target][lower(switch.directive)]
	s.value != switch.want
}

silent := silent_groups

silent_groups[switch.topic] contains {"target": target, "directive": switch.directive} if {
	some switch in switches
	some target in judged
	not settings[target][lower(switch.directive)]
}

switches := [
	{"topic": "root", "directive": "PermitRootLogin", "want": "no"},
	{"topic": "authentication", "directive": "PermitEmptyPasswords", "want": "no"},
	{"topic": "authentication", "directive": "HostbasedAuthentication", "want": "no"},
	{"topic": "authentication", "directive": "IgnoreRhosts", "want": "yes"},
	{"topic": "authentication", "directive": "PermitUserEnvironment", "want": "no"},
	{"topic": "authentication", "directive": "UsePAM", "want": "yes"},
	{"topic": "forwarding", "directive": "X11Forwarding", "want": "no"},
	{"topic": "forwarding", "directive": "AllowTcpForwarding", "want": "no"},
	{"topic": "forwarding", "directive": "AllowAgentForwarding", "want": "no"},
	{"topic": "forwarding", "directive": "PermitTunnel", "want": "no"},
]

# message, remedy and gone word a finding of any topic.
message(directive, value, want) := sprintf("%s is %q instead of %q", [directive, value, want])

remedy(directive, want) := sprintf("%s %s", [directive, want])

gone(directive) := sprintf("%s is not written, and the default of this server is not known", [directive])
