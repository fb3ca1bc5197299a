# Builders of what an operating system shows, for the tests of rules.
package policies.lib.fixture_host

import data.policies.lib.fixture

place(name, line) := fixture.at(sprintf("rp-a/host/%s", [name]), line, "explicit")

part_names := [
	"sysctl", "sshd", "files", "mounts", "users", "units", "unit_states", "selinux", "selinux_ports", "sockets", "addresses", "routes", "packages",
	"updates", "xccdf", "os_release", "sysctl_files", "accounts", "selinux_config", "names", "resolver", "name_service", "fail2ban", "logrotate", "log_forwarding", "cpu", "memory", "volumes",
]

all_read := [{"name": n, "read": true, "complete": true, "source": place(n, 1)} | some n in part_names]

# record is a host of which every artifact was read and shows nothing.
record(fields) := object.union(
	{
		"target": "edge/rp-a", "parts": all_read,
		"system": {"known": true, "id": "rhel", "version_id": "9.4", "name": "", "like": [], "source": place("os-release", 1)},
		"sysctls": [], "sysctl_files": [], "sshd": sshd([]), "files": [], "mounts": [], "users": [], "units": [],
		"selinux": {"mode": "enforcing", "configured": "enforcing", "policy": "targeted", "source": place("sestatus.txt", 1), "configured_source": place("config", 2)},
		"port_labels": [], "sockets": [], "interfaces": [], "routes": [], "names": [],
		"resolver": {"nameservers": [], "search": [], "options": [], "databases": []}, "log_forwardings": [],
		"hardware": {"cpus": fixture.known(8), "memory_bytes": fixture.known(17179869184), "volumes": [], "cpu_source": place("lscpu.txt", 1), "memory_source": place("meminfo", 1)},
		"packages": [], "last_install": {"known": true, "day": "2026-05-20", "package": "openssl-libs", "source": place("rpm-qa.txt", 3)},
		"updates": [], "jails": [], "log_rotations": [], "benchmarks": [], "source": place("site.yaml", 10),
	},
	fields,
)

# unread is a host without one artifact.
unread(name, fields) := object.union(record(fields), {"parts": [{"name": n, "read": n != name, "complete": n != name, "source": place(n, 1)} | some n in part_names]})

# doc judges one host by a profile with these host parameters.
doc(fields, parameters) := {
	"host": [record(fields)], "site": site, "header": {"at": "2026-06-01T12:00:00Z"},
	"profile": {"overlays": [], "parameters": {"host": object.union({"benchmark": true}, parameters)}},
}

# unbenchmarked is the same without the benchmark.
unbenchmarked(fields) := doc(fields, {"benchmark": false})

site := object.union(fixture.site, {"edges": [object.union(fixture.edge("rp-a", ["203.0.113.10"], ["10.9.0.10"]), {"nginx": {"prefix": "usr/local/openresty/nginx", "conf": "conf/nginx.conf"}})]})

sysctl(key, number, line) := {"key": key, "text": sprintf("%d", [number]), "number": fixture.known(number), "source": place("sysctl.txt", line)}

sshd(settings) := {"known": true, "effective": true, "settings": settings, "listens": [], "source": place("sshd-T.txt", 1)}

ssh(keyword, value, line) := {"keyword": keyword, "value": value, "values": split(value, ","), "number": fixture.unknown(0), "source": place("sshd-T.txt", line)}

ssh_number(keyword, number, line) := object.union(ssh(keyword, sprintf("%d", [number]), line), {"number": fixture.known(number)})

file(path, mode, owner, line) := {
	"path": path, "exists": true, "mode": mode, "bits": value, "owner": owner, "group": "root", "owner_id": fixture.unknown(0), "group_id": fixture.unknown(0),
	"owned_by_root": owner == "root", "group_access": bits.and(value, 56) != 0, "world_access": bits.and(value, 7) != 0,
	"group_writable": bits.and(value, 16) != 0, "world_writable": bits.and(value, 2) != 0, "source": place("stat.txt", line),
} if {
	value := octal(mode)
}

gone(path, line) := object.union(file(path, "0000", "", line), {"exists": false, "mode": "", "owner": ""})

octal(mode) := sum([value | some i, digit in split(mode, ""); value := to_number(digit) * weights[i]])

weights := [512, 64, 8, 1]

mount(path, type, options, line) := {
	"path": path, "device": type, "type": type, "options": options, "noexec": "noexec" in options, "nodev": "nodev" in options,
	"nosuid": "nosuid" in options, "read_only": "ro" in options, "size_bytes": fixture.unknown(0), "covered": false, "source": place("mounts.txt", line),
}

user(name, uid, shell, password, line) := {
	"name": name, "uid": fixture.known(uid), "gid": fixture.known(uid), "shell": fixture.known(shell), "home": "", "login_shell": endswith(shell, "sh"),
	"password": password, "password_source": place("passwd-S.txt", line), "source": place("passwd", line),
}

unit(name, state, active, line) := {
	"name": name, "file_state": state, "preset": "", "load": "loaded", "active": active, "sub": "", "masked": state == "masked",
	"enabled": state == "enabled", "state_source": place("units.txt", line), "source": place("unit-files.txt", line),
}

listener(program, address, port, line) := {
	"protocol": "tcp", "address": address, "interface": "", "port": port, "wildcard": address in {"*", "0.0.0.0", "::"},
	"loopback": startswith(address, "127."), "programs_known": true, "programs": [program], "source": place("ss.txt", line),
}

package_of(name) := {"name": name, "version": "1", "release": "1.el9", "arch": "x86_64", "source": place("rpm-qa.txt", 2)}

jail(fields) := object.union(
	{
		"name": "finesse-http-auth", "ports": [{"from": 8445, "to": 8445}], "unknown_ports": [], "protocol": "tcp",
		"log_paths": ["/usr/local/openresty/nginx/logs/blocking.log"], "backend": "auto", "filter": "finesseban",
		"fail_regexes": [{"text": "^x <HOST> will be blocked for", "anchored": true, "source": place("finesseban.conf", 3)}], "ignore_regexes": [],
		"max_retry": fixture.known(1), "find_seconds": fixture.known(180), "ban_seconds": fixture.known(1800), "ban_action": "iptables-multiport",
		"ignored_nets": [], "source": place("jail.local", 2),
	},
	fields,
)
