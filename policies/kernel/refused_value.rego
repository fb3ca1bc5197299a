# METADATA
# title: File asks for a value that the kernel refuses
# description: |-
#   The published lists contain net.ipv4.tcp_syn_retries = 0, which is below the kernel's least value: the line fails when it
#   is loaded and the default stays. A load of all files that stops at errors leaves out what follows as well.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: medium
#   fix: Write the least value that the kernel takes.
#   controls: [HOST-02]
#   bad: net.ipv4.tcp_syn_retries = 0
#   good: net.ipv4.tcp_syn_retries = 1
package policies.kernel.refused_value

import data.policies.lib.host

# least: the kernel's own lower bounds of parameters that guides set too low.
least := {"net.ipv4.tcp_syn_retries": 1}

subjects contains record.target if {
	some record in input.host
	some setting in record.sysctl_files
	least[setting.key]
}

findings contains {
	"subject": record.target,
	"key": setting.key,
	"message": sprintf("%s is set to %d; the kernel takes %d at least%s", [setting.key, setting.number.value, least[setting.key], stays(record.target, setting.key)]),
	"fix": sprintf("%s = %d", [setting.key, least[setting.key]]),
	"sources": array.concat([setting.source], [s | some s in held[[record.target, setting.key]]]),
} if {
	some record in input.host
	some setting in record.sysctl_files
	setting.number.known
	setting.number.value < least[setting.key]
}

# held: where the kernel shows what it kept instead.
held[[target, key]] contains s.source if {
	some key, _ in least
	some target in host.targets
	some s in host.sysctls[target][key]
}

stays(target, key) := sprintf(", so that it stays at %s", [concat(", ", {s.text | some s in host.sysctls[target][key]})]) if host.sysctls[target][key]

stays(target, key) := "" if not host.sysctls[target][key]

unsure contains {"subject": record.target, "reason": sprintf("the value of %s is no number", [setting.key])} if {
	some record in input.host
	some setting in record.sysctl_files
	least[setting.key]
	not setting.number.known
}
