# METADATA
# title: Others may read or change files of the SSH server
# description: |-
#   Whoever can write the configuration gets in, and whoever reads a host key can pose as the gate towards its administrators.
#   The rule judges where the profile has the benchmark of the operating system.
# related_resources:
# - ref: https://man.openbsd.org/sshd
# custom:
#   severity: medium
#   fix: Give the file to root and take all rights from others.
#   controls: [CIS-RHEL-SSH-CONFIG-MODE, CIS-RHEL-SSH-KEY-MODES]
#   bad: 644 root root /etc/ssh/ssh_host_ed25519_key
#   good: 600 root root /etc/ssh/ssh_host_ed25519_key
package policies.ssh.files_loose

import data.policies.lib.host

# guarded: what belongs to root alone; public keys only must not be writable.
guarded contains {"target": target, "path": path} if {
	some target in host.benchmarked
	some path, _ in host.files[target]
	regex.match(`^/etc/ssh/(sshd_config|sshd_config\.d/.+|ssh_host_[a-z0-9_]+_key)$`, path)
}

public contains {"target": target, "path": path} if {
	some target in host.benchmarked
	some path, _ in host.files[target]
	regex.match(`^/etc/ssh/ssh_host_[a-z0-9_]+_key\.pub$`, path)
}

subjects contains g.target if some g in (guarded | public)

loose contains {"target": g.target, "path": g.path, "file": file} if {
	some g in guarded
	some file in host.files[g.target][g.path]
	file.exists
	open_to_others(file.root, file.world_access, file.group_writable)
}

loose contains {"target": g.target, "path": g.path, "file": file} if {
	some g in guarded
	some file in host.files[g.target][g.path]
	file.exists
	file.group_access
	not endswith(g.path, "_key")
}

loose contains {"target": g.target, "path": g.path, "file": file} if {
	some g in public
	some file in host.files[g.target][g.path]
	file.exists
	changeable(file.root, file.world_writable, file.group_writable)
}

open_to_others(false, _, _)

open_to_others(_, true, _)

open_to_others(_, _, true)

changeable(false, _, _)

changeable(_, true, _)

changeable(_, _, true)

findings contains {
	"subject": l.target,
	"key": l.path,
	"message": sprintf("%s has mode %s and belongs to %s", [l.path, l.file.mode, l.file.owner]),
	"fix": sprintf("chown root %s && chmod %s %s", [l.path, wanted_mode(l.path), l.path]),
	"sources": [l.file.source],
} if {
	some l in loose
}

wanted_mode(path) := "0644" if endswith(path, ".pub")

wanted_mode(path) := "0600" if not endswith(path, ".pub")

unsure contains {"subject": target, "reason": "the list of files does not hold /etc/ssh/sshd_config"} if {
	some target in host.benchmarked
	host.places[target].files
	not host.files[target]["/etc/ssh/sshd_config"]
	target in subjects
}
