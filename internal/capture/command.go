// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"slices"
	"strings"
)

// Command is one command of the table: it shows something and changes nothing.
type Command struct {
	// Name is the artifact that its output is kept as.
	Name string
	// Argv are the forms by distribution; the first whose program exists runs.
	Argv [][]string
	// Root is set when only root gets the whole answer.
	Root bool
	// Joined is set when the answer comes on the error stream.
	Joined bool
	// Optional is set when a host may do without: that it is not installed is
	// then no gap.
	Optional bool
	// Partial is set when the command fails although what it printed is right,
	// such as for one of several folders that does not exist.
	Partial bool
	// Asked is set when the command runs only if the site file asks for it.
	Asked bool
}

// Line is one form as a command line for a shell. Every word is a constant of
// this package and is quoted where a shell would read more into it.
func (c Command) Line(form int, sudo bool) string {
	var words []string
	if sudo && c.Root {
		words = append(words, "sudo", "-n", "--")
	}
	for _, w := range c.Argv[form] {
		if strings.ContainsAny(w, ` %\*?$'"`) {
			w = "'" + w + "'"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// Names of the artifacts.
const (
	IPTables       = "iptables-save.txt"
	IP6Tables      = "ip6tables-save.txt"
	IPTablesLegacy = "iptables-legacy-save.txt"
	IP6TablesOld   = "ip6tables-legacy-save.txt"
	NFT            = "nft.json"
	IPSets         = "ipset-save.txt"
	Sysctl         = "sysctl.txt"
	SSHD           = "sshd-T.txt"
	Modes          = "stat.txt"
	Mounts         = "mounts.txt"
	Users          = "passwd-S.txt"
	Units          = "unit-files.txt"
	UnitStates     = "units.txt"
	SELinux        = "sestatus.txt"
	SELinuxPorts   = "semanage-port.txt"
	Sockets        = "ss.txt"
	Addresses      = "ip-address.json"
	Routes         = "ip-route.json"
	Packages       = "packages.txt"
	Updates        = "updates.txt"
	CPU            = "lscpu.txt"
	Memory         = "meminfo.txt"
	Volumes        = "df.txt"
	NginxVersion   = "nginx-V.txt"
	NginxDump      = "nginx-T.txt"
)

// modeFolders are where owners and modes matter: nginx in its usual places, and
// what guards the host. Folders of keys are listed, never opened.
var modeFolders = []string{
	"/usr/local/openresty/nginx", "/etc/nginx", "/etc/ssh", "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/sysctl.conf", "/etc/sysctl.d",
	"/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables", "/etc/iptables", "/etc/fail2ban", "/etc/logrotate.d", "/etc/sudoers", "/etc/sudoers.d",
	"/var/log/nginx", "/var/cache/nginx", "/var/lib/nginx", "/run/nginx.pid",
}

// Commands is the whole table. Nothing else ever runs on an edge.
func Commands() []Command {
	one := func(argv ...string) [][]string { return [][]string{argv} }
	find := append([]string{"/usr/bin/find"}, modeFolders...)
	find = append(find, "-xdev", "-maxdepth", "8", "-not", "-type", "l", "-printf", `%m %u %g %p\n`)
	nginx := func(flag string) [][]string {
		return [][]string{{"/usr/local/openresty/nginx/sbin/nginx", flag}, {"/usr/sbin/nginx", flag}}
	}
	return []Command{
		{Name: IPTables, Argv: one("/usr/sbin/iptables-save"), Root: true},
		{Name: IP6Tables, Argv: one("/usr/sbin/ip6tables-save"), Root: true},
		{Name: IPTablesLegacy, Argv: one("/usr/sbin/iptables-legacy-save"), Root: true, Optional: true},
		{Name: IP6TablesOld, Argv: one("/usr/sbin/ip6tables-legacy-save"), Root: true, Optional: true},
		{Name: NFT, Argv: one("/usr/sbin/nft", "-j", "list", "ruleset"), Root: true, Optional: true},
		{Name: IPSets, Argv: one("/usr/sbin/ipset", "save"), Root: true, Optional: true},
		{Name: Sysctl, Argv: one("/usr/sbin/sysctl", "-a"), Root: true, Partial: true},
		{Name: SSHD, Argv: one("/usr/sbin/sshd", "-T"), Root: true},
		{Name: Modes, Argv: [][]string{find}, Root: true, Partial: true},
		{Name: Mounts, Argv: one("/usr/bin/mount")},
		// The passwd of Red Hat knows no -a; of all accounts that of the workers
		// matters.
		{Name: Users, Argv: [][]string{{"/usr/bin/passwd", "-S", "-a"}, {"/usr/bin/passwd", "-S", "nginxuser"}, {"/usr/bin/passwd", "-S", "nginx"}}, Root: true, Optional: true},
		{Name: Units, Argv: one("/usr/bin/systemctl", "list-unit-files", "--no-pager")},
		{Name: UnitStates, Argv: one("/usr/bin/systemctl", "list-units", "--all", "--no-pager", "--plain")},
		{Name: SELinux, Argv: [][]string{{"/usr/sbin/sestatus"}, {"/usr/bin/sestatus"}, {"/usr/sbin/getenforce"}}},
		{Name: SELinuxPorts, Argv: one("/usr/sbin/semanage", "port", "-l"), Root: true, Optional: true},
		{Name: Sockets, Argv: [][]string{{"/usr/sbin/ss", "-lntup"}, {"/usr/bin/ss", "-lntup"}}, Root: true},
		{Name: Addresses, Argv: [][]string{{"/usr/sbin/ip", "-j", "address"}, {"/usr/bin/ip", "-j", "address"}}},
		{Name: Routes, Argv: [][]string{{"/usr/sbin/ip", "-j", "route", "show", "table", "all"}, {"/usr/bin/ip", "-j", "route", "show", "table", "all"}}},
		{Name: Packages, Argv: [][]string{{"/usr/bin/rpm", "-qa", "--last"}, {"/usr/bin/dpkg-query", "-W"}}},
		// Both read what the host last fetched, and fetch nothing.
		{Name: Updates, Argv: [][]string{{"/usr/bin/dnf", "-C", "updateinfo", "list"}, {"/usr/bin/apt", "list", "--upgradable"}}, Optional: true},
		{Name: CPU, Argv: one("/usr/bin/lscpu")},
		{Name: Memory, Argv: one("/usr/bin/cat", "/proc/meminfo")},
		{Name: Volumes, Argv: one("/usr/bin/df", "-P")},
		{Name: NginxVersion, Argv: nginx("-V"), Joined: true},
		{Name: NginxDump, Argv: nginx("-T"), Root: true, Asked: true},
	}
}

// Sudoers is the sudoers file that lets an account run, of all commands of root,
// those of the table.
func Sudoers(account string) string {
	var b strings.Builder
	b.WriteString("# Lets the account of an audit run, as root, commands that only show something.\n")
	b.WriteString("# Put it into /etc/sudoers.d with mode 0440 and try it with \"visudo -c\".\n")
	b.WriteString("# Without it an audit over SSH has gaps, and nothing else changes.\n\n")
	var names []string
	for _, c := range Commands() {
		if !c.Root {
			continue
		}
		for form, argv := range c.Argv {
			name := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(c.Name))
			if len(c.Argv) > 1 {
				name = fmt.Sprintf("%s_%d", name, form+1)
			}
			words := slices.Clone(argv)
			for i, w := range words {
				// A backslash quotes twice: once for the file, once for the pattern
				// that an argument is matched with.
				words[i] = strings.NewReplacer(`\`, `\\\\`, ",", `\,`, ":", `\:`, "=", `\=`).Replace(w)
			}
			if len(words) == 1 {
				// Without this sudo would let any argument through, such as the
				// name of a file to write to.
				words = append(words, `""`)
			}
			line := strings.Join(words, " ")
			if c.Asked {
				fmt.Fprintf(&b, "# Only for \"run_dump: true\": as root, nginx -T creates the files that the configuration names.\n# Cmnd_Alias POSTERN_%s = %s\n", name, line)
				continue
			}
			fmt.Fprintf(&b, "Cmnd_Alias POSTERN_%s = %s\n", name, line)
			names = append(names, "POSTERN_"+name)
		}
	}
	fmt.Fprintf(&b, "\n%s ALL = (root) NOPASSWD: %s\n", account, strings.Join(names, ", "))
	return b.String()
}
