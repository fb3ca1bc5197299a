// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"fmt"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestTheOlderTablesOfRoutesAreRead(t *testing.T) {
	const header = "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
	runForms(t, evidence.PartRoutes, []form{
		{"route -n", header + "0.0.0.0         10.9.0.1        0.0.0.0         UG    100    0        0 ens192\n" +
			"10.1.0.0        10.9.1.1        255.255.0.0     UG    0      0        0 ens224\n" +
			"10.9.0.0        0.0.0.0         255.255.255.0   U     100    0        0 ens192\n" +
			"10.9.0.53       10.9.0.2        255.255.255.255 UGH   0      0        0 ens192\n" +
			"192.0.2.0       -               255.255.255.0   !     0      -        0 -\n", []string{
			"ipv4 default via 10.9.0.1 dev ens192 unicast main 100 true",
			"ipv4 10.1.0.0/16 via 10.9.1.1 dev ens224 unicast main 0 false",
			"ipv4 10.9.0.0/24 via  dev ens192 unicast main 100 false",
			"ipv4 10.9.0.53 via 10.9.0.2 dev ens192 unicast main 0 false",
			"ipv4 192.0.2.0/24 via  dev  unreachable main 0 false",
		}, 0},
		{"netstat -rn", "Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n0.0.0.0         10.9.0.1        0.0.0.0         UG        0 0          0 ens192\n", []string{
			"ipv4 default via 10.9.0.1 dev ens192 unicast main - true",
		}, 0},
		{"route -6 -n", "Kernel IPv6 routing table\nDestination                    Next Hop                   Flag Met Ref Use If\n2001:db8::/64                  ::                         U    100 1      0 ens192\n::/0                           fe80::1                    UG   100 2      0 ens192\nfe80::5/128                    ::                         Un   0   3      0 ens192\n", []string{
			"ipv6 2001:db8::/64 via  dev ens192 unicast main 100 false",
			"ipv6 default via fe80::1 dev ens192 unicast main 100 true",
			"ipv6 fe80::5 via  dev ens192 unicast main 0 false",
		}, 0},
		{"rows of route -n without their header are no routes", "0.0.0.0         10.9.0.1        0.0.0.0         UG    100    0        0 ens192\n10.9.0.0        0.0.0.0         255.255.255.0   U     100    0        0 ens192\n", nil, 2},
		{"broken rows", header + "10.0.0.0 10.9.0.1 255.0.255.0 UG 0 0 0 a\n10.0.0.0 10.9.0.1 255.0.0.0 UG 0 0\nhost _gateway 255.255.255.255 UGH 0 0 0 a\n10.0.0.0 _gateway 255.0.0.0 UG 0 0 0 a\n10.0.0.0 0.0.0.0 255.0.0.0 ?? 0 0 0 a\n10.0.0.0 0.0.0.0 255.0.0.0 U 0 0 0 -\n", nil, 6},
		{"a word alone is no route of ip", "default\n10.0.0.0/8 proto static\ndefault via 10.9.0.1 dev a\n", []string{
			"ipv4 default via 10.9.0.1 dev a unicast main - true",
		}, 2},
		{"a type is enough", "blackhole 10.0.0.0/8\nunreachable default metric 7\n", []string{
			"ipv4 10.0.0.0/8 via  dev  blackhole main - false", " default via  dev  unreachable main 7 true",
		}, 0},
		{"a route of several ways", "default proto static metric 5 \n\tnexthop via 10.9.0.1 dev a weight 1 \n\tnexthop via 10.9.0.2 dev b weight 1 \n10.0.0.0/8 dev a scope link\n", []string{
			"ipv4 default via 10.9.0.1 dev a unicast main 5 true", "ipv4 default via 10.9.0.2 dev b unicast main 5 true",
			"ipv4 10.0.0.0/8 via  dev a unicast main - false",
		}, 0},
	}, func(r evidence.Host) (out []string) {
		for _, r := range r.Routes {
			metric := "-"
			if r.Metric.Known {
				metric = fmt.Sprint(r.Metric.Value)
			}
			out = append(out, fmt.Sprintf("%s %s via %s dev %s %s %s %s %t", r.Family, r.Destination, r.Gateway, r.Interface, r.Type, r.Table, metric, r.Default))
		}
		return out
	})
}

func TestTheSubscriptionPluginIsPassedOverAndSoAreAppliedUpdates(t *testing.T) {
	const talk = "Not root, Subscription Management repositories not updated\nUnable to read consumer identity\n\n" +
		"This system is not registered with an entitlement server. You can use subscription-manager to register.\n\n"
	const check = "Last metadata expiration check: 0:12:01 ago on Fri 01 May 2026 06:00:00 AM UTC.\n"
	runForms(t, evidence.PartUpdates, []form{
		{"a list of RHEL", talk + check + "i RHSA-2026:0001 Important/Sec. openssl-libs-1:3.0.7-27.el9_4.x86_64\n  RHSA-2026:0123 Moderate/Sec.  curl-7.76.1-29.el9_4.x86_64\n", []string{"RHSA-2026:0123 curl moderate true"}, 0},
		{"nothing waits", talk + check, nil, 0},
		{"only applied updates", "i RHBA-2026:0002 bugfix bash-5.1.8-9.el9.x86_64\n", nil, 0},
		{"an i before something else", check + "i have no idea\n", nil, 1},
		{"an unregistered host that lists nothing at all", talk, nil, 1},
	}, func(r evidence.Host) (out []string) {
		for _, u := range r.Updates {
			out = append(out, fmt.Sprintf("%s %s %s %t", u.Advisory, u.Package.Name, u.Severity, u.Security))
		}
		return out
	})
}

func TestTheNewestInstallationIsAFactWhereTheListHasDates(t *testing.T) {
	for name, c := range map[string]struct {
		text, day, name string
		line, gaps      int
	}{
		"an English list":      {"bash-5.1.8-9.el9.x86_64      Tue 28 Apr 2026 09:11:22 AM UTC\nnginx-1.24.0-1.el9.x86_64    Thu 30 Apr 2026 11:59:59 PM CEST\n", "2026-04-30", "nginx", 2, 0},
		"the C locale":         {"bash-5.1.8-9.el9.x86_64      Fri May  1 09:11:22 2026\nzlib-1.2.11-40.el9.x86_64   Tue Dec 30 09:11:22 2025\n", "2026-05-01", "bash", 1, 0},
		"an older list":        {"bash-4.2.46-35.el7.x86_64    Fri 01 May 2026 09:11:22 UTC\n", "2026-05-01", "bash", 1, 0},
		"a key is no update":   {"gpg-pubkey-8483c65d-5ccc5b19  Fri 01 May 2026 09:11:22 AM UTC\nbash-5.1.8-9.el9.x86_64      Tue 28 Apr 2026 09:11:22 AM UTC\n", "2026-04-28", "bash", 2, 0},
		"another language":     {"bash-5.1.8-9.el9.x86_64      ven. 01 mai 2026 09:11:22 CEST\n", "", "", 0, 1},
		"a day that is none":   {"bash-5.1.8-9.el9.x86_64      Fri 31 Feb 2026 09:11:22 AM UTC\nzlib-1.2.11-40.el9.x86_64   Tue Dec 30 09:11:22 2025\n", "2025-12-30", "zlib", 2, 1},
		"no dates, and a gap":  {"bash-5.1.8-9.el9.x86_64\n", "", "", 0, 1},
		"a list of dpkg":       {"bash\t5.1-2\n", "", "", 0, 1},
		"a line cut in a date": {"bash-5.1.8-9.el9.x86_64      Fri 01 May\n", "", "", 0, 1},
	} {
		r, gaps := collect(t, memory{"p.txt": file(c.text)}, evidence.HostFiles{Packages: "p.txt"})
		told := 0
		for _, g := range gaps {
			if g.Part == "last_install" {
				told++
			}
		}
		got := r.LastInstall
		if got.Known != (c.day != "") || got.Day != c.day || got.Package != c.name || got.Source.Line != c.line || told != c.gaps || len(r.Packages) == 0 {
			t.Errorf("%s: %+v, %d gaps, %d packages", name, got, told, len(r.Packages))
		}
	}
}
