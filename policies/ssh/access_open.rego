# METADATA
# title: SSH server lets every account log in
# description: |-
#   A service account that gets a shell by mistake is then a login from the network. Naming users or groups keeps the list of
#   administrators in one place. The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: low
#   fix: Name the administrators in AllowUsers or AllowGroups.
#   controls: [CIS-RHEL-SSH-ACCESS]
#   bad: (no AllowUsers, AllowGroups, DenyUsers or DenyGroups)
#   good: AllowGroups gateops
package policies.ssh.access_open

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

lists := {"allowusers", "allowgroups", "denyusers", "denygroups"}

limited contains target if {
	some target in ssh.judged
	some keyword in lists
	ssh.settings[target][keyword]
}

findings contains {
	"subject": target,
	"key": "AllowGroups",
	"message": "no directive names who may log in",
	"fix": "AllowGroups followed by the group of the administrators",
	"sources": [s | some s in ssh.sources[target]],
} if {
	some target in ssh.judged
	not target in limited
}

findings contains {
	"subject": target,
	"key": "everybody",
	"message": sprintf("%s lets everybody in", [keyword]),
	"fix": "name accounts or groups instead of *",
	"sources": [s.source],
} if {
	some target in ssh.judged
	some keyword in {"allowusers", "allowgroups"}
	some s in ssh.settings[target][keyword]
	"*" in s.values
}
