# METADATA
# title: Next start of the host changes a kernel parameter
# description: |-
#   Files are read in the order of their names and the last line wins, so a file of the distribution or of an old change can
#   undo what a later edit seemed to set. The right value at run time hides it until the host starts again.
# related_resources:
# - ref: https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html
# custom:
#   severity: medium
#   fix: Set the value in the file that is read last, and remove the other lines.
#   controls: [HOST-02]
#   bad: "99-local.conf: net.ipv4.ip_forward = 1 (behind 90-reverse-proxy.conf, which says 0)"
#   good: "90-reverse-proxy.conf: net.ipv4.ip_forward = 0, and no later file sets it"
package policies.kernel.lost_at_restart

import data.policies.lib.host
import data.policies.lib.kernel

subjects contains record.target if {
	some record in input.host
	some setting in record.sysctl_files
	by_key[setting.key]
}

# by_key: the parameters of the profile, those of the benchmark only where it is
# asked for.
by_key[p.key] contains {"value": p.value, "bound": p.bound} if {
	some p in input.profile.parameters.host.kernel
	not only_benchmark(p.topic)
}

by_key[p.key] contains {"value": p.value, "bound": p.bound} if {
	some p in input.profile.parameters.host.kernel
	only_benchmark(p.topic)
	count(host.benchmarked) > 0
}

only_benchmark(topic) if topic in {"ptrace", "core_dumps"}

findings contains {
	"subject": record.target,
	"key": setting.key,
	"message": sprintf("the files end with %s = %s%s; the profile asks for %s%d", [setting.key, setting.text, undone(count(setting.overrides)), kernel.bound_words[wanted.bound], wanted.value]),
	"fix": sprintf("write `%s = %d` there, or delete the line", [setting.key, wanted.value]),
	"sources": array.concat([setting.source], [o.source | some o in setting.overrides]),
} if {
	some record in input.host
	some setting in record.sysctl_files
	some wanted in by_key[setting.key]
	setting.number.known
	not kernel.fits(wanted.bound, setting.number.value, wanted.value)
	not refused(setting.key, setting.number.value)
}

# What the kernel refuses is a finding of its own.
refused("net.ipv4.tcp_syn_retries", 0)

undone(0) := ""

undone(n) := sprintf(" (%d earlier lines are undone)", [n]) if n > 0

unsure contains {"subject": record.target, "reason": sprintf("%s is set to %q, which is no number", [setting.key, setting.text])} if {
	some record in input.host
	some setting in record.sysctl_files
	by_key[setting.key]
	not setting.number.known
}
