# Indexes over what the operating systems of the edges show.
package policies.lib.host

# targets: the edges of which anything is known.
targets contains record.target if some record in input.host

# benchmarked: the same, where the profile asks for the CIS benchmark of the
# operating system. Rules that only the benchmark asks for judge these.
benchmarked contains target if {
	input.profile.parameters.host.benchmark
	some target in targets
}

# sysctls[target][key]: the kernel's values, by the names of its parameters.
sysctls := sysctl_groups

sysctl_groups[record.target][sysctl.key] contains {"text": sysctl.text, "number": sysctl.number, "source": sysctl.source} if {
	some record in input.host
	some sysctl in record.sysctls
}

# files[target][path]: what stat shows of a path.
files := file_groups

file_groups[record.target][file.path] contains {
	"exists": file.exists, "mode": file.mode, "bits": file.bits, "owner": file.owner, "root": file.owned_by_root,
	"group_access": file.group_access, "world_access": file.world_access, "group_writable": file.group_writable,
	"world_writable": file.world_writable, "source": file.source,
} if {
	some record in input.host
	some file in record.files
}

# mounts[target][path]: the file system on a path; what a later one covers is left
# out.
mounts := mount_groups

mount_groups[record.target][mount.path] contains {
	"type": mount.type, "device": mount.device, "noexec": mount.noexec, "nodev": mount.nodev, "nosuid": mount.nosuid,
	"size": mount.size_bytes, "source": mount.source,
} if {
	some record in input.host
	some mount in record.mounts
	not mount.covered
}

# users[target][name]: the accounts.
users := user_groups

user_groups[record.target][user.name] contains {
	"uid": user.uid, "shell": user.shell, "login_shell": user.login_shell, "password": user.password,
	"password_source": user.password_source, "source": user.source,
} if {
	some record in input.host
	some user in record.users
}

# services[target][name]: the units of systemd.
services := unit_groups

unit_groups[record.target][unit.name] contains {"enabled": unit.enabled, "masked": unit.masked, "active": unit.active, "state": unit.file_state, "source": unit.source} if {
	some record in input.host
	some unit in record.units
}

# enabled, masked and running hold for a unit of an edge.
enabled(target, name) if {
	some unit in services[target][name]
	unit.enabled
}

masked(target, name) if {
	some unit in services[target][name]
	unit.masked
}

running(target, name) if {
	some unit in services[target][name]
	unit.active == "active"
}

# packages[target][name]: where the list of packages has one.
packages := package_groups

package_groups[record.target][package_entry.name] contains package_entry.source if {
	some record in input.host
	some package_entry in record.packages
}

# places[target][part]: where an artifact of an edge starts that could be read, for
# what it does not hold.
places := place_groups

place_groups[record.target][part.name] contains part.source if {
	some record in input.host
	some part in record.parts
	part.read
}

# covering is the mount that a path lies on.
covering(target, path) := deepest if {
	over := {m | some m, _ in mounts[target]; below(path, m)}
	longest := max({count(m) | some m in over})
	some deepest in over
	count(deepest) == longest
}

below(_, "/")

below(path, folder) if path == folder

below(path, folder) if startswith(path, sprintf("%s/", [folder]))

# days is the whole days from one instant or day to another.
days(from, to) := floor((time.parse_rfc3339_ns(instant(to)) - time.parse_rfc3339_ns(instant(from))) / 86400000000000)

instant(text) := text if contains(text, "T")

instant(text) := sprintf("%sT00:00:00Z", [text]) if regex.match(`^\d{4}-\d\d-\d\d$`, text)
