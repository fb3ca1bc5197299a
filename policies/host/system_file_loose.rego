# METADATA
# title: Others can change account files, or read what only root may
# description: |-
#   Whoever can write the list of accounts or the saved packet rules decides who gets in after the next start. The hashes of
#   passwords are for root alone. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: high
#   fix: Give the file to root with the mode of the benchmark.
#   controls: [CIS-RHEL-SYSTEM-FILES]
#   bad: 666 root root /etc/passwd
#   good: 644 root root /etc/passwd
package policies.host.system_file_loose

import data.policies.lib.host

# most: the widest mode of each file, as bits and as digits.
most := {
	"/etc/passwd": "0644", "/etc/group": "0644", "/etc/shadow": "0640", "/etc/gshadow": "0640", "/etc/sudoers": "0440", "/etc/sysctl.conf": "0644",
	"/etc/sysconfig/iptables": "0640", "/etc/sysconfig/ip6tables": "0640",
}

bits_of(mode) := sum([value | some i, digit in split(mode, ""); value := to_number(digit) * [512, 64, 8, 1][i]])

subjects contains target if {
	some target in host.benchmarked
	some path, _ in most
	host.files[target][path]
}

findings contains {
	"subject": target,
	"key": path,
	"message": sprintf("%s has mode %s and belongs to %s; it should be root's with %s at most", [path, file.mode, file.owner, mode]),
	"fix": sprintf("chown root %s && chmod %s %s", [path, mode, path]),
	"sources": [file.source],
} if {
	some target in subjects
	some path, mode in most
	some file in host.files[target][path]
	file.exists
	wider(file.root, bits.and(file.bits, bits.negate(bits_of(mode))))
}

wider(false, _)

wider(_, extra) if extra != 0

unsure contains {"subject": target, "reason": sprintf("the list of files does not hold %s", [path])} if {
	some target in subjects
	some path in {"/etc/passwd", "/etc/shadow"}
	not host.files[target][path]
}
