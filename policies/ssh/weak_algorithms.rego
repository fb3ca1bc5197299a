# METADATA
# title: SSH server offers weak algorithms
# description: |-
#   An administrator's session to the gate is worth more than any agent's. Old ciphers, checksums and key exchanges can be
#   broken or forced upon a client. The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: medium
#   fix: Remove the algorithm from the list.
#   controls: [CIS-RHEL-SSH-CIPHERS, CIS-RHEL-SSH-MACS, CIS-RHEL-SSH-KEX]
#   bad: Ciphers aes256-gcm@openssh.com,aes128-cbc
#   good: Ciphers aes256-gcm@openssh.com,aes256-ctr
package policies.ssh.weak_algorithms

import data.policies.lib.ssh

subjects contains target if some target in ssh.judged

lists := {"ciphers": "Ciphers", "macs": "MACs", "kexalgorithms": "KexAlgorithms"}

offered contains {"target": target, "keyword": keyword, "name": name, "source": s.source} if {
	some target in ssh.judged
	some keyword, _ in lists
	some s in ssh.settings[target][keyword]
	some name in s.values
}

weak contains name if {
	some o in offered
	some pattern in input.profile.parameters.host.ssh.weak_algorithms
	glob.match(pattern, null, lower(o.name))
	name := o.name
}

broken[[o.target, o.keyword]] contains o.name if {
	some o in offered
	o.name in weak
}

findings contains {
	"subject": o.target,
	"key": sprintf("%s %s", [lists[o.keyword], o.name]),
	"message": sprintf("%s offers %s", [lists[o.keyword], o.name]),
	"fix": sprintf("%s -%s", [lists[o.keyword], concat(",", sort(broken[[o.target, o.keyword]]))]),
	"sources": [o.source],
} if {
	some o in offered
	o.name in weak
}

unsure contains {"subject": target, "reason": ssh.gone(directive)} if {
	some target in ssh.judged
	some keyword, directive in lists
	not ssh.settings[target][keyword]
}

# A file may change the default list by a prefix; only the server shows what is left.
unsure contains {"subject": target, "reason": sprintf("%s changes the default list, which is not known", [directive])} if {
	some target in ssh.written
	target in ssh.judged
	some keyword, directive in lists
	some s in ssh.settings[target][keyword]
	regex.match(`^[-+^]`, s.value)
}
