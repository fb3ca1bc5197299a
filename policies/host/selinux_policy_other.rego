# METADATA
# title: SELinux has another policy than targeted
# description: |-
#   The policies for minimal systems confine next to nothing, a web server least of all. The rule judges where the profile has
#   the benchmark of the operating system.
# custom:
#   severity: medium
#   fix: Set SELINUXTYPE=targeted in /etc/selinux/config and relabel.
#   controls: [CIS-RHEL-SELINUX-TARGETED]
#   bad: SELINUXTYPE=minimum
#   good: SELINUXTYPE=targeted
package policies.host.selinux_policy_other

import data.policies.lib.host

subjects contains target if some target in host.benchmarked

findings contains {
	"subject": record.target,
	"key": "policy",
	"message": sprintf("the policy is %s", [record.selinux.policy]),
	"fix": "SELINUXTYPE=targeted",
	"sources": [record.selinux.source],
} if {
	some record in input.host
	record.target in host.benchmarked
	not record.selinux.policy in {"", "targeted", "mls"}
}

unsure contains {"subject": record.target, "reason": "which policy is loaded is not known"} if {
	some record in input.host
	record.target in host.benchmarked
	record.selinux.policy == ""
}
