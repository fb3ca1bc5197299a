// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// form is one text in a form that some version of a tool writes, with what must
// be read from it and how many gaps it must leave.
type form struct {
	name, text string
	want       []string
	gaps       int
}

func runForms(t *testing.T, part evidence.HostPartName, forms []form, facts func(evidence.Host) []string) {
	t.Helper()
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			r, gaps := one(t, part, f.text)
			if diff := cmp.Diff(f.want, facts(r)); diff != "" {
				t.Error(diff)
			}
			if len(gaps) != f.gaps {
				t.Errorf("gaps %q, want %d", gaps, f.gaps)
			}
		})
	}
}

func TestFormsOfSysctl(t *testing.T) {
	runForms(t, evidence.PartSysctl, []form{
		{"a value of several lines is no number", "kernel.x = 1\nkernel.x = 2\n", []string{"kernel.x=1\n2 false"}, 0},
		{"a dot within a name stays apart", "net/ipv4/conf/ens192.100/rp_filter = 1\nnet.ipv4.conf.ens192/200.rp_filter = 2\n", []string{"net.ipv4.conf.ens192/100.rp_filter=1 true", "net.ipv4.conf.ens192/200.rp_filter=2 true"}, 0},
		{"keys without a blank around the sign", "vm.swappiness=1\r\n", []string{"vm.swappiness=1 true"}, 0},
		{"several numbers, and one too large", "net.ipv4.tcp_rmem = 4096\t131072\t6291456\nkernel.big = 18446744073709551615\n", []string{"net.ipv4.tcp_rmem=4096\t131072\t6291456 false", "kernel.big=18446744073709551615 false"}, 0},
		{"an answer without root's rights is a gap once", "kernel.sysrq = 0\nsysctl: permission denied on key 'fs.protected_fifos'\nsysctl: permission denied on key 'x'\nsysctl: reading key \"net.ipv6.conf.all.stable_secret\"\n", []string{"kernel.sysrq=0 true"}, 1},
		{"what is no hardening is read and left", "dev.raid.speed_limit_min = 1\nnet.ipv4.neigh.lo.gc_stale_time = 60\n", nil, 0},
		{"keys of the kernel are left out", "net.ipv4.tcp_fastopen_key = 0-0-0-0\nnet.ipv6.conf.all.stable_secret = ::\n", nil, 0},
	}, func(r evidence.Host) (out []string) {
		for _, s := range r.Sysctls {
			out = append(out, fmt.Sprintf("%s=%s %t", s.Key, s.Text, s.Number.Known))
		}
		return out
	})
}

func TestSettingsOfSysctlFiles(t *testing.T) {
	r, gaps := inTree(t, "sysctl.d", map[string]string{
		"usr/lib/sysctl.d/10-a.conf":       "kernel.sysrq = 16\n# a comment\n; another\n\nvm.swappiness=60\nnet.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\n",
		"usr/lib/sysctl.d/20-hidden.conf":  "kernel.sysrq = 99\n",
		"etc/sysctl.d/20-hidden.conf":      "",
		"run/sysctl.d/30-b.conf":           "-net/ipv4/ip_forward = 0\nkernel.sysrq = 4\nno setting\n",
		"usr/local/lib/sysctl.d/05-z.conf": "kernel.sysrq = 1\n",
		"lib/sysctl.d/README":              "kernel.sysrq = 7\n",
		"etc/sysctl.conf":                  "kernel.sysrq = 0\n",
	})
	if len(gaps) != 1 || !strings.Contains(gaps[0], "30-b.conf:3") {
		t.Errorf("gaps %q", gaps)
	}
	s := setting(r, "kernel.sysrq")
	var before []string
	for _, o := range s.Overrides {
		before = append(before, fmt.Sprintf("%s=%s:%d", o.Text, o.Source.Artifact, o.Source.Line))
	}
	want := []string{"1=tree/usr/local/lib/sysctl.d/05-z.conf:1", "16=tree/usr/lib/sysctl.d/10-a.conf:1", "4=tree/run/sysctl.d/30-b.conf:2"}
	if diff := cmp.Diff(want, before); diff != "" || s.Text != "0" || s.Source != at("tree/etc/sysctl.conf", 1) {
		t.Errorf("%s\n%+v", diff, s)
	}
	if s := setting(r, "net.ipv4.ip_forward"); s.Text != "0" || !s.ErrorsIgnored || !s.Number.Known {
		t.Errorf("%+v", s)
	}
	if s := setting(r, "net.ipv4.conf.default.rp_filter"); s.Text != "2" || s.Pattern != "net.ipv4.conf.*.rp_filter" {
		t.Errorf("the pattern does not reach what it should: %+v", s)
	}
	if s := setting(r, "net.ipv4.conf.all.rp_filter"); s.Key != "" {
		t.Errorf("the pattern reaches what is excluded: %+v", s)
	}
	if s := setting(r, "net.ipv4.conf.*.rp_filter"); s.Pattern == "" {
		t.Error("the pattern itself is no fact")
	}
}

func TestFormsOfSSHD(t *testing.T) {
	whole := "port 22\nlistenaddress 0.0.0.0:22\nlistenaddress [::]:22\npermitrootlogin without-password\nmaxauthtries 6\npasswordauthentication yes\nciphers a,b\nmacs c\nkexalgorithms d\nallowusers x\nallowusers y\nmaxstartups 10:30:100\n"
	r, gaps := one(t, evidence.PartSSHD, whole)
	noGaps(t, gaps)
	got := map[string][]string{}
	for _, s := range r.SSHD.Settings {
		got[s.Keyword] = append(got[s.Keyword], strings.Join(s.Values, "|"))
	}
	for keyword, want := range map[string][]string{"ciphers": {"a|b"}, "allowusers": {"x", "y"}, "maxstartups": {"10|30|100"}, "permitrootlogin": {"prohibit-password"}} {
		if diff := cmp.Diff(want, got[keyword]); diff != "" {
			t.Errorf("%s: %s", keyword, diff)
		}
	}
	if l := r.SSHD.Listens; len(l) != 2 || !l[0].Wildcard || !l[1].Wildcard || l[1].Address != "::" || l[1].Port != 22 {
		t.Errorf("listens %+v", l)
	}
	if _, gaps := one(t, evidence.PartSSHD, "port 22\npermitrootlogin no\n"); len(gaps) != 6 {
		t.Errorf("a cut answer leaves %q", gaps)
	}
}

func TestTheFileOfSSHDIsOnlyAFallback(t *testing.T) {
	r, gaps := inTree(t, "ssh", map[string]string{
		"etc/ssh/sshd_config":              "Include /etc/ssh/sshd_config.d/*.conf\nInclude sshd_config\nPermitRootLogin yes\nListenAddress 10.0.0.1\nPort 2222\nSubsystem sftp internal-sftp\nMatch User x\n PermitRootLogin yes\n",
		"etc/ssh/sshd_config.d/10-a.conf":  "PermitRootLogin no\nMatch all\nPort 9999\n",
		"etc/ssh/sshd_config.d/skip.other": "PermitRootLogin forced-commands-only\n",
	})
	got := map[string]string{}
	for _, s := range r.SSHD.Settings {
		if _, ok := got[s.Keyword]; !ok {
			got[s.Keyword] = s.Value
		}
	}
	if got["permitrootlogin"] != "no" || got["port"] != "2222" || r.SSHD.Effective || !r.SSHD.Known {
		t.Errorf("%+v", got)
	}
	if l := r.SSHD.Listens; len(l) == 0 || l[0].Address != "10.0.0.1" || l[0].Port != 2222 {
		t.Errorf("%+v", l)
	}
	for _, reason := range []string{"not resolved without sshd -T", "too deep or too often", "host.sshd"} {
		if len(about(asGaps(gaps), reason)) == 0 {
			t.Errorf("no gap says %q: %q", reason, gaps)
		}
	}
}

func TestFormsOfFileModes(t *testing.T) {
	runForms(t, evidence.PartFiles, []form{
		{"a name with blanks and shell characters", "640 nginxuser root /var/log/$(x) 'y' \"z\".log\n", []string{"/var/log/$(x) 'y' \"z\".log 0640 nginxuser root false"}, 0},
		{"numbers for owners", "4755 0 0 /usr/bin/x\n", []string{"/usr/bin/x 4755 0 0 true"}, 0},
		{"a file without any bit", "0 root root /etc/shadow\n", []string{"/etc/shadow 0000 root root true"}, 0},
		{"a file that is not there, in quotes of either kind", "stat: cannot stat ‘/a b’: No such file or directory\nstat: cannot statx '/c': No such file or directory\n", []string{"/a b    false", "/c    false"}, 0},
		{"a file that stat may not look at is a gap", "stat: cannot statx '/c': Permission denied\n", nil, 1},
		{"what is no mode is a gap", "888 root root /x\n77777 root root /x\nroot root /x\n644 root root\n", nil, 4},
	}, func(r evidence.Host) (out []string) {
		for _, f := range r.Files {
			out = append(out, fmt.Sprintf("%s %s %s %s %t", f.Path, f.Mode, f.Owner, f.Group, f.OwnedByRoot))
		}
		return out
	})
}

func TestFormsOfMounts(t *testing.T) {
	runForms(t, evidence.PartMounts, []form{
		{"/proc/self/mounts with escapes", "/dev/a / xfs rw 0 0\ntmpfs /a\\040b tmpfs rw,nosuid,nodev,noexec,size=2097152k 0 0\n", []string{"/ xfs 0 false", "/a b tmpfs 2147483648 false"}, 0},
		{"mount with labels", "/dev/a on / type xfs (rw,seclabel) [root]\n", []string{"/ xfs 0 false"}, 0},
		{"a table whose cells hold blanks", "TARGET   SOURCE     FSTYPE OPTIONS\n/        /dev/a     xfs    rw\n└─/x y   //h/a b    cifs   ro\n", []string{"/ xfs 0 false", "/x y cifs 0 false"}, 0},
		{"two mounts on one path", "/dev/a / xfs rw 0 0\n/dev/b /c xfs rw 0 0\ntmpfs /c tmpfs rw,size=50% 0 0\n", []string{"/ xfs 0 false", "/c xfs 0 true", "/c tmpfs 0 false"}, 0},
		{"a list without a root is not whole", "tmpfs /c tmpfs rw 0 0\n", []string{"/c tmpfs 0 false"}, 1},
		{"a table without its columns", "TARGET SIZE\n/ 5G\n", nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, m := range r.Mounts {
			out = append(out, fmt.Sprintf("%s %s %d %t", m.Path, m.Type, m.SizeBytes.Value, m.Covered))
		}
		return out
	})
}

func TestFormsOfPasswordStates(t *testing.T) {
	runForms(t, evidence.PartUsers, []form{
		{"Debian", "root P 2026-01-01 0 99999 7 -1\nbin L 01/15/2026 0 99999 7 -1\nx NP 2026-01-01 0 99999 7 -1\n", []string{"root set", "bin locked", "x empty"}, 0},
		{"Red Hat", "root PS 2026-01-01 0 99999 7 -1 (Password set, SHA512 crypt.)\nbin LK 2026-01-01 0 99999 7 -1 (Alternate authentication scheme in use.)\n", []string{"root set", "bin locked"}, 0},
		{"a user that is not there", "passwd: Unknown user name 'x'.\nroot L 2026-01-01 0 99999 7 -1\n", []string{"root locked"}, 1},
		{"never changed, or changed on the first day", "a L never 0 99999 7 -1\nb LK 1969-12-31 0 99999 7 -1\n", []string{"a locked", "b locked"}, 0},
	}, func(r evidence.Host) (out []string) {
		for _, u := range r.Users {
			out = append(out, u.Name+" "+string(u.Password))
		}
		return out
	})
}

func TestAccountsOfTheTree(t *testing.T) {
	r, gaps := inTree(t, "etc/passwd", map[string]string{"etc/passwd": "root:x:0:0:root:/root:/bin/bash\nopen::5:5::/:\nnobody:x:65534:65534::/:/usr/sbin/nologin\nold:$1$abcdefgh$0123456789012345678901:7:7::/:/bin/sh\nbroken:x:y:0::/:\n+::::::\n"})
	var got []string
	for _, u := range r.Users {
		got = append(got, fmt.Sprintf("%s %d %s %t %s", u.Name, u.UID.Value, u.Shell.Value, u.LoginShell, u.Password))
	}
	want := []string{"root 0 /bin/bash true unknown", "open 5 /bin/sh true empty", "nobody 65534 /usr/sbin/nologin false unknown", "old 7 /bin/sh true unknown"}
	if diff := cmp.Diff(want, got); diff != "" || len(gaps) != 1 {
		t.Errorf("%s, gaps %q", diff, gaps)
	}
}

func TestFormsOfUnits(t *testing.T) {
	facts := func(r evidence.Host) (out []string) {
		for _, u := range r.Units {
			out = append(out, fmt.Sprintf("%s %s|%s|%s masked=%t enabled=%t", u.Name, u.FileState, u.Preset, u.Active, u.Masked, u.Enabled))
		}
		return out
	}
	runForms(t, evidence.PartUnits, []form{
		{"two columns of an older systemd", "UNIT FILE STATE\na.service enabled\nb.service masked-runtime\n\n2 unit files listed.\n", []string{"a.service enabled|| masked=false enabled=true", "b.service masked-runtime|| masked=true enabled=false"}, 0},
		{"no legend", "a.service static -\n", []string{"a.service static|| masked=false enabled=false"}, 0},
		{"a sum that does not fit", "UNIT FILE STATE PRESET\na.service enabled enabled\n\n300 unit files listed.\n", []string{"a.service enabled|enabled| masked=false enabled=true"}, 1},
		{"no sum", "UNIT FILE STATE PRESET\na.service enabled enabled\n", []string{"a.service enabled|enabled| masked=false enabled=true"}, 1},
		{"the list of the other command", "UNIT LOAD ACTIVE SUB DESCRIPTION\na.service loaded active running A\n1 loaded units listed.\n", nil, 1},
	}, facts)
	runForms(t, evidence.PartUnitStates, []form{
		{"marks and colours", "  UNIT LOAD ACTIVE SUB DESCRIPTION\n\x1b[0;1;31m●\x1b[0m b.service not-found inactive dead b.service\n* c.socket loaded failed failed C\n  dev-sda.device loaded active plugged D\n\nLOAD   = x\n\n3 loaded units listed.\n", []string{"b.service ||inactive masked=false enabled=false", "c.socket ||failed masked=false enabled=false"}, 0},
		{"a pager within it", "  UNIT LOAD ACTIVE SUB DESCRIPTION\n  a.service loaded active running A\nlines 1-2\n", []string{"a.service ||active masked=false enabled=false"}, 2},
	}, facts)
}

func TestFormsOfSELinux(t *testing.T) {
	runForms(t, evidence.PartSELinux, []form{
		{"getenforce", "Permissive\n", []string{"permissive unknown "}, 0},
		{"sestatus of a disabled system", "SELinux status:                 disabled\n", []string{"disabled unknown "}, 0},
		{"sestatus of an older release", "SELinux status:                 enabled\nCurrent mode:                   permissive\nMode from config file:          enforcing\nPolicy from config file:        targeted\n", []string{"permissive enforcing targeted"}, 0},
		{"sestatus that was cut before the mode", "SELinux status:                 enabled\n", []string{"unknown unknown "}, 1},
	}, func(r evidence.Host) []string {
		return []string{fmt.Sprintf("%s %s %s", r.SELinux.Mode, r.SELinux.Configured, r.SELinux.Policy)}
	})
}

func TestFormsOfPortLabels(t *testing.T) {
	runForms(t, evidence.PartSELinuxPorts, []form{
		{"ranges and a header", "SELinux Port Type              Proto    Port Number\n\nhttp_port_t tcp 80, 8444-8447\nntp_port_t udp 123\n", []string{"http_port_t tcp 80-80", "http_port_t tcp 8444-8447", "ntp_port_t udp 123-123"}, 0},
		{"a port beyond the last", "x_port_t tcp 70000\n", nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, l := range r.PortLabels {
			out = append(out, fmt.Sprintf("%s %s %d-%d", l.Type, l.Protocol, l.From, l.To))
		}
		return out
	})
}

func TestFormsOfSockets(t *testing.T) {
	runForms(t, evidence.PartSockets, []form{
		{"an older iproute2 with bare v6 addresses", "Netid  State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port\ntcp    LISTEN     0      128                 *:8445                  *:*      users:((\"nginx\",812,6),(\"nginx\",813,6))\ntcp    LISTEN     0      128                :::22                   :::*      users:((\"sshd\",pid=9,fd=3))\n", []string{"tcp * 8445 wild  [nginx]", "tcp :: 22 wild  [sshd]"}, 0},
		{"interfaces within addresses", "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\nudp UNCONN 0 0 [fe80::1]%ens192:546 [::]:*\nudp UNCONN 0 0 *%ens224:68 *:*\n", []string{"udp 127.0.0.53 53 loop lo []", "udp fe80::1 546  ens192 []", "udp * 68 wild ens224 []"}, 0},
		{"no first column, and connections", "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 511 [::ffff:127.0.0.1]:80 [::]:*\nESTAB 0 0 10.0.0.1:22 10.0.0.2:4000\n", []string{"tcp ::ffff:127.0.0.1 80 loop  []"}, 0},
		{"a header and nothing else is no list of what listens", "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\n", nil, 1},
		{"a name of a service for a port is a gap", "tcp LISTEN 0 511 0.0.0.0:https 0.0.0.0:*\n", nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, s := range r.Sockets {
			kind := map[bool]string{true: "wild"}[s.Wildcard] + map[bool]string{true: "loop"}[s.Loopback]
			out = append(out, fmt.Sprintf("%s %s %d %s %s %v", s.Protocol, s.Address, s.Port, kind, s.Interface, s.Programs))
		}
		return out
	})
}

func TestFormsOfRoutes(t *testing.T) {
	facts := func(r evidence.Host) (out []string) {
		for _, x := range r.Routes {
			out = append(out, fmt.Sprintf("%s %s via=%s dev=%s %s %s", x.Family, x.Destination, x.Gateway, x.Interface, x.Type, x.Table))
		}
		return out
	}
	runForms(t, evidence.PartRoutes, []form{
		{
			"plain, with several ways", "default proto static metric 100\n\tnexthop via 10.0.0.1 dev a weight 1\n\tnexthop via 10.0.0.2 dev b weight 1\nunreachable 192.0.2.0/24\ndefault via inet6 fe80::1 dev c\nff00::/8 dev d table local\n",
			[]string{"ipv4 default via=10.0.0.1 dev=a unicast main", "ipv4 default via=10.0.0.2 dev=b unicast main", "ipv4 192.0.2.0/24 via= dev= unreachable main", "ipv6 default via=fe80::1 dev=c unicast main", "ipv6 ff00::/8 via= dev=d unicast local"},
			0,
		},
		{
			"JSON of two commands, with several ways", "[{\"dst\":\"default\",\"nexthops\":[{\"gateway\":\"10.0.0.1\",\"dev\":\"a\"},{\"via\":{\"family\":\"inet6\",\"host\":\"fe80::1\"},\"dev\":\"b\"}]}]\n[{\"dst\":\"::/0\",\"gateway\":\"fe80::2\",\"dev\":\"c\"}]\n",
			[]string{"ipv4 default via=10.0.0.1 dev=a unicast main", "ipv6 default via=fe80::1 dev=b unicast main", "ipv6 ::/0 via=fe80::2 dev=c unicast main"},
			0,
		},
		{"JSON that is cut", "[{\"dst\":\"default\",\"gateway\":\"10.0.0.1\",\"dev\":\"a\"},\n", []string{"ipv4 default via=10.0.0.1 dev=a unicast main"}, 1},
		{"JSON of another shape", "[{\"dst\":5}]\n", nil, 1},
	}, facts)
}

func TestFormsOfAddresses(t *testing.T) {
	runForms(t, evidence.PartAddresses, []form{
		{"a peer, a label and a parent", "2: eth0@if9: <BROADCAST,UP> mtu 1500\n    link/ether 00:00:00:00:00:00 brd ff:ff:ff:ff:ff:ff\n    inet 10.0.0.1 peer 10.0.0.2/32 scope global eth0\n       valid_lft forever preferred_lft forever\n3: tun0: <POINTOPOINT> mtu 1400\n    inet6 fe80::1/64 scope link\n", []string{"eth0 true [10.0.0.1/32 global]", "tun0 false [fe80::1/64 link]"}, 0},
		{"an address without an interface", "    inet 10.0.0.1/24 scope global eth0\n1: lo: <LOOPBACK,UP> mtu 1\n", []string{"lo true []"}, 1},
	}, func(r evidence.Host) (out []string) {
		for _, i := range r.Interfaces {
			var addresses []string
			for _, a := range i.Addresses {
				addresses = append(addresses, fmt.Sprintf("%s/%d %s", a.Address, a.PrefixLength, a.Scope))
			}
			out = append(out, fmt.Sprintf("%s %t %v", i.Name, i.Up, addresses))
		}
		return out
	})
}

func TestHowNamesAreLookedUp(t *testing.T) {
	r, gaps := inTree(t, "tree/", map[string]string{
		"etc/hosts":         "127.0.0.1 localhost # a comment\n::1 localhost ip6-localhost\nnonsense name\n10.1.0.11\n10.1.0.12 fin-b.corp.example fin-b\n",
		"etc/resolv.conf":   "# c\ndomain a.example\nsearch b.example c.example\nnameserver 10.9.0.53\nnameserver fe80::1%ens224\nnameserver 10.0.0.1\nnameserver 10.0.0.2\noptions timeout:1 rotate\nbogus x\n",
		"etc/nsswitch.conf": "passwd: files\nhosts: files mdns4_minimal [ NOTFOUND = return ] dns[!UNAVAIL=return] myhostname # x\n",
	})
	var bad []string
	for _, g := range gaps {
		if strings.Contains(g, "hosts:") || strings.Contains(g, "resolv.conf:") || strings.Contains(g, "nsswitch.conf:") {
			bad = append(bad, g)
		}
	}
	if len(bad) != 3 {
		t.Errorf("gaps %q", bad)
	}
	if len(r.Names) != 3 || r.Names[2].Address != "10.1.0.12" || r.Names[2].Names[1] != "fin-b" || r.Names[2].Source.Line != 5 {
		t.Errorf("names %+v", r.Names)
	}
	if n := r.Resolver.Nameservers; len(n) != 4 || !n[2].Used || n[3].Used {
		t.Errorf("servers %+v", n)
	}
	var databases []string
	for _, d := range r.Resolver.Databases {
		databases = append(databases, d.Name+" "+d.Action)
	}
	if diff := cmp.Diff([]string{"files ", "mdns4_minimal NOTFOUND = return", "dns !UNAVAIL=return", "myhostname "}, databases); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b.example", "c.example"}, r.Resolver.Search); diff != "" {
		t.Error(diff)
	}
}

func TestFormsOfPackages(t *testing.T) {
	runForms(t, evidence.PartPackages, []form{
		{"rpm with epochs, keys and days", "bind-libs-32:9.16.23-18.el9.x86_64\ngpg-pubkey-fd431d51-4ae0493b\npython3-six-1.15.0-9.el9.noarch  Mon 01 Jun 2026 10:00:00\n", []string{"bind-libs 32:9.16.23-18.el9 x86_64", "gpg-pubkey 0:fd431d51-4ae0493b ", "python3-six 0:1.15.0-9.el9 noarch"}, 0},
		{"dpkg-query", "openssl\t3.0.11-1~deb12u2\nlibc6:amd64\t2.36-9+deb12u4\nremoved\t\nopenssh-server\t1:9.2p1-2+deb12u3\nnative\t1.2\n", []string{"openssl 0:3.0.11-1~deb12u2 ", "libc6 0:2.36-9+deb12u4 amd64", "openssh-server 1:9.2p1-2+deb12u3 ", "native 0:1.2- "}, 0},
		{"dpkg -l with what was removed", "Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files\n|/ Err?=(none)/Reinst-required\n||/ Name  Version Architecture Description\n+++-=====-=======-============-===\nii  nginx 1.22.1-9 amd64 server\nrc  apache2 2.4-1 amd64 gone\nhi  openssl:amd64 3.0-1 amd64 held\n", []string{"nginx 0:1.22.1-9 amd64", "openssl 0:3.0-1 amd64"}, 0},
		{"the package that redaction takes for a secret", "passwd\t[redacted:password:8]\n", []string{"passwd 0:- "}, 0},
		{"sentences", "no packages here at all\n", nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, p := range r.Packages {
			out = append(out, fmt.Sprintf("%s %d:%s-%s %s", p.Name, p.Epoch, p.Version, p.Release, p.Arch))
		}
		return out
	})
}

func TestFormsOfUpdates(t *testing.T) {
	runForms(t, evidence.PartUpdates, []form{
		{"dnf 4", "Last metadata expiration check: 0:10:00 ago on Mon 01 Jun 2026.\nRHSA-2026:0001 Important/Sec. openssl-libs-1:3.0.7-28.el9.x86_64\nRHBA-2026:0002 bugfix tzdata-2026a-1.el9.noarch\nFEDORA-EPEL-2026-abcdef1234 Unknown/Sec. fail2ban-1.1.0-1.el9.noarch\n", []string{"RHSA-2026:0001 openssl-libs true important", "RHBA-2026:0002 tzdata false ", "FEDORA-EPEL-2026-abcdef1234 fail2ban true "}, 0},
		{"dnf 5", "Name Type Severity Package Issued\nRHSA-2026:0001 security Important openssl-libs-3.0.7-28.el9.x86_64 2026-05-01 10:00:00\nRHBA-2026:0002 bugfix None tzdata-2026a-1.el9.noarch 2026-05-01 10:00:00\n", []string{"RHSA-2026:0001 openssl-libs true important", "RHBA-2026:0002 tzdata false "}, 0},
		{"apt", "Listing... Done\nopenssl/stable-security,stable 3.0.11-1~deb12u2 amd64 [upgradable from: 3.0.11-1~deb12u1]\ntzdata/stable-updates 2026a-1 all [upgradable from: 2025b-1]\n", []string{" openssl true ", " tzdata false "}, 0},
		{"nothing waits", "Listing...\n", nil, 0},
		{"a complaint in the middle", "Listing...\nE: The list of sources could not be read.\n", nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, u := range r.Updates {
			out = append(out, fmt.Sprintf("%s %s %t %s", u.Advisory, u.Package.Name, u.Security, u.Severity))
		}
		return out
	})
}
