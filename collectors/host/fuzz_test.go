// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/postern-audit/postern/internal/evidence"
)

// fuzzCapture feeds one artifact. Whatever it holds: nothing panics, the facts
// are valid, and what could not be read whole is a gap.
func fuzzCapture(f *testing.F, part evidence.HostPartName, samples ...string) {
	f.Helper()
	for _, s := range samples {
		if text, err := os.ReadFile(filepath.Join("testdata/clean", s)); err == nil {
			f.Add(text)
			f.Add(text[:len(text)/2])
		} else {
			f.Add([]byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var h evidence.HostFiles
		setPart(t, &h, part, "capture.txt")
		record, gaps := collect(t, memory{"capture.txt": &fstest.MapFile{Data: text}}, h)
		sound(t, record, gaps)
		if p := partOf(record, part); p.Complete != (len(about(gaps, "capture.txt"))+len(about(gaps, "the rest was left out"))+len(about(gaps, "were kept")) == 0) {
			t.Errorf("complete=%t with the gaps %q", p.Complete, about(gaps, "capture.txt"))
		}
	})
}

// fuzzTree feeds one file of the tree.
func fuzzTree(f *testing.F, part evidence.HostPartName, name string, others map[string]string, samples ...string) {
	f.Helper()
	for _, s := range samples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := memory{"tree/" + name: file(text)}
		for n, other := range others {
			m["tree/"+n] = file(other)
		}
		record, gaps := collect(t, m, evidence.HostFiles{Root: "tree"})
		sound(t, record, gaps)
		if p := partOf(record, part); !p.Read && len(about(gaps, "tree/")) == 0 {
			t.Errorf("%s is not read, and nothing says so: %q", part, about(gaps, ""))
		}
	})
}

func sound(t *testing.T, record evidence.Host, gaps []evidence.Gap) {
	t.Helper()
	text, err := evidence.Encode(record)
	if err != nil || !utf8.Valid(text) || strings.Contains(string(text), "null") && strings.Contains(string(text), ": null") {
		t.Errorf("the facts are no valid document: %v", err)
	}
	var back evidence.Host
	if err := json.Unmarshal(text, &back); err != nil {
		t.Error(err)
	}
	for _, g := range gaps {
		if g.Reason == "" || g.Subject == "" || g.Section != "host" || !utf8.ValidString(g.Reason) {
			t.Errorf("gap %+v", g)
		}
	}
}

func FuzzSysctl(f *testing.F) {
	fuzzCapture(f, evidence.PartSysctl, "sysctl.txt", "a/b.c = 1\nsysctl: x")
}
func FuzzSSHD(f *testing.F)      { fuzzCapture(f, evidence.PartSSHD, "sshd-T.txt") }
func FuzzFileModes(f *testing.F) { fuzzCapture(f, evidence.PartFiles, "stat.txt") }
func FuzzMounts(f *testing.F) {
	fuzzCapture(f, evidence.PartMounts, "mounts.txt", "d on / type x (rw)\n")
}
func FuzzPasswordStates(f *testing.F) { fuzzCapture(f, evidence.PartUsers, "passwd-S.txt") }
func FuzzUnitFiles(f *testing.F)      { fuzzCapture(f, evidence.PartUnits, "unit-files.txt") }
func FuzzUnitStates(f *testing.F)     { fuzzCapture(f, evidence.PartUnitStates, "units.txt") }
func FuzzSELinux(f *testing.F)        { fuzzCapture(f, evidence.PartSELinux, "sestatus.txt", "Enforcing\n") }

func FuzzPortLabels(f *testing.F) { fuzzCapture(f, evidence.PartSELinuxPorts, "semanage-port.txt") }
func FuzzSockets(f *testing.F)    { fuzzCapture(f, evidence.PartSockets, "ss.txt") }
func FuzzAddresses(f *testing.F) {
	fuzzCapture(f, evidence.PartAddresses, "ip-address.json", "1: lo: <UP>\n  inet 1.2.3.4/8\n")
}

func FuzzRoutes(f *testing.F) {
	fuzzCapture(f, evidence.PartRoutes, "ip-route.json", "default via 1.2.3.4 dev x\n nexthop via 1.2.3.4\n",
		"Destination Gateway Genmask Flags Metric Ref Use Iface\n0.0.0.0 10.0.0.1 0.0.0.0 UG 0 0 0 a\n", "Destination Next Hop Flag Met Ref Use If\n::/0 :: !n 1 1 0 lo\n")
}
func FuzzPackages(f *testing.F) { fuzzCapture(f, evidence.PartPackages, "rpm-qa.txt", "a\t1-1\n") }
func FuzzUpdates(f *testing.F) {
	fuzzCapture(f, evidence.PartUpdates, "updateinfo.txt", "Listing...\n")
}
func FuzzXCCDF(f *testing.F) { fuzzCapture(f, evidence.PartXCCDF, "xccdf.xml", arf) }

func FuzzSysctlFile(f *testing.F) {
	fuzzTree(f, evidence.PartSysctlFiles, "etc/sysctl.d/a.conf", map[string]string{"usr/lib/sysctl.d/z.conf": "kernel.sysrq = 1\n"}, "-a.b = 1\nnet/ipv4/conf/*/x=2\n-q\n")
}

func FuzzSSHDConfig(f *testing.F) {
	fuzzTree(f, evidence.PartSSHD, "etc/ssh/sshd_config", nil, "Port 22\nInclude *\nMatch all\n", "ListenAddress [::]:22\nLoginGraceTime 2m\n")
}

func FuzzAccounts(f *testing.F) {
	fuzzTree(f, evidence.PartAccounts, "etc/passwd", nil, "root:x:0:0::/:/bin/sh\n")
}

func FuzzSELinuxConfig(f *testing.F) {
	fuzzTree(f, evidence.PartSELinuxConfig, "etc/selinux/config", nil, "SELINUX=enforcing\n")
}

func FuzzNames(f *testing.F) { fuzzTree(f, evidence.PartNames, "etc/hosts", nil, "::1 localhost\n") }

func FuzzResolver(f *testing.F) {
	fuzzTree(f, evidence.PartResolver, "etc/resolv.conf", nil, "nameserver ::1\n")
}

func FuzzNameService(f *testing.F) {
	fuzzTree(f, evidence.PartNameService, "etc/nsswitch.conf", nil, "hosts: files [a=b] dns\n")
}

func FuzzOSRelease(f *testing.F) {
	fuzzTree(f, evidence.PartOSRelease, "etc/os-release", nil, "ID=\"rhel\"\n")
}

func FuzzJails(f *testing.F) {
	fuzzTree(f, evidence.PartFail2ban, "etc/fail2ban/jail.local", map[string]string{"etc/fail2ban/filter.d/f.conf": "[Definition]\nfailregex = %(known/x)s\n"},
		"[DEFAULT]\na = %(a)s%(a)s\n[j]\nenabled = true\nfilter = f\nport = %(known/port)s\n", "[j]\nenabled=1\nbantime=1d12h\nport=1:2\n")
}

func FuzzFilter(f *testing.F) {
	fuzzTree(f, evidence.PartFail2ban, "etc/fail2ban/filter.d/f.conf", map[string]string{"etc/fail2ban/jail.conf": "[j]\nenabled = true\nfilter = f\n"},
		"[INCLUDES]\nbefore = f.conf\n[Definition]\nfailregex = ^a\n  b\n")
}

func FuzzLogrotate(f *testing.F) {
	fuzzTree(f, evidence.PartLogrotate, "etc/logrotate.conf", nil, "weekly\n/a /b {\n rotate 4\n postrotate\nendscript\n}\ninclude /etc\n")
}

func FuzzRsyslog(f *testing.F) {
	fuzzTree(f, evidence.PartLogForwarding, "etc/rsyslog.conf", nil,
		"$ActionSendStreamDriverMode 1\n*.* @@(z9)[::1]:6514;t\n", "action(type=\"omfwd\" target=[\"a\",\"b\"]\n port=\"x\") # y\n", "include(file=\"/etc/rsyslog.conf\")\n/* a\n*/ & @b\n")
}

func FuzzJournalUpload(f *testing.F) {
	fuzzTree(f, evidence.PartLogForwarding, "etc/systemd/journal-upload.conf", nil, "[Upload]\nURL=https://logs.example:19532\nTrustedCertificateFile=-\n")
}

func FuzzCPU(f *testing.F) {
	fuzzCapture(f, evidence.PartCPU, "CPU(s): 8\nOff-line CPU(s) list: 2,4-7\n")
}

func FuzzMemory(f *testing.F) {
	fuzzCapture(f, evidence.PartMemory, "MemTotal: 9223372036854775807 kB\n")
}

func FuzzVolumes(f *testing.F) {
	fuzzCapture(f, evidence.PartVolumes, "Filesystem Size Used Avail Use% Mounted on\n/dev/sda 1.5T 1 -3K 1% /\n")
}
