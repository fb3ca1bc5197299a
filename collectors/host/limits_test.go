// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/postern-audit/postern/collectors/host"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

func TestEveryListHasALimitAndSaysWhenItIsReached(t *testing.T) {
	times := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line+"\n", i)
		}
		return b.String()
	}
	for part, text := range map[evidence.HostPartName]string{
		evidence.PartSysctl:       times(6000, "kernel.k%d = 1"),
		evidence.PartSSHD:         "port 22\npermitrootlogin no\n" + times(6000, "allowusers u%d"),
		evidence.PartFiles:        times(6000, "644 root root /f%d"),
		evidence.PartMounts:       times(6000, "d / xfs rw%d 0 0"),
		evidence.PartUsers:        times(6000, "u%d L 2026-01-01 0 99999 7 -1"),
		evidence.PartUnits:        times(6000, "u%d.service enabled enabled"),
		evidence.PartUnitStates:   times(6000, "u%d.service loaded active running x"),
		evidence.PartSELinuxPorts: times(6000, "x_port_t tcp %d"),
		evidence.PartSockets:      times(6000, "tcp LISTEN 0 0 0.0.0.0:%d 0.0.0.0:*"),
		evidence.PartAddresses:    times(6000, "%d: e0: <UP> mtu 1"),
		evidence.PartRoutes:       times(6000, "default via 10.0.0.1 metric %d"),
		evidence.PartPackages:     times(6000, "p%d-1-1.noarch"),
		evidence.PartUpdates:      times(6000, "RHSA-2026:%d Low/Sec. p-1-1.noarch"),
		evidence.PartXCCDF:        "<TestResult><score>1</score>" + times(6000, "<rule-result idref=\"r%d\"><result>fail</result></rule-result>") + "</TestResult>\n",
	} {
		var h evidence.HostFiles
		setPart(t, &h, part, "capture.txt")
		r, gaps := collect(t, unredacted{memory{"capture.txt": file(text)}}, h)
		if n := count(r); n > 8000 {
			t.Errorf("%s: %d facts", part, n)
		}
		if len(about(gaps, "the rest was left out"))+len(about(gaps, "were kept")) != 1 {
			t.Errorf("%s: no gap says that something was left out: %q", part, about(gaps, ""))
		}
		if partOf(r, part).Complete {
			t.Errorf("%s: counts as complete", part)
		}
	}
}

func TestALineWithoutEndIsLeftOut(t *testing.T) {
	r, gaps := one(t, evidence.PartSysctl, "kernel.sysrq = 0\nkernel.x = "+strings.Repeat("1", 70<<10)+"\nvm.swappiness = 1\n")
	if len(r.Sysctls) != 2 || len(gaps) != 1 {
		t.Errorf("%d parameters, gaps %q", len(r.Sysctls), gaps)
	}
}

// unredacted are the same files as they are, for texts of many lines: redaction
// has tests of its own, and takes most of the time.
type unredacted struct{ memory }

func (u unredacted) Read(name string, limit int64) (evidence.Artifact, error) {
	f, ok := u.memory[name]
	if !ok || int64(len(f.Data)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: does not open", name)
	}
	return evidence.Artifact{Path: name, Text: f.Data}, nil
}

func TestAMissingOrOversizedOrEmptyFileIsAGapThatNamesIt(t *testing.T) {
	dir := t.TempDir()
	big, err := os.Create(filepath.Join(dir, "huge.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(big.Truncate(100<<20), big.Close(), os.WriteFile(filepath.Join(dir, "empty.txt"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, "binary.txt"), []byte("\x7fELF\x02\x01\x00\x00\x03\x04\xff\xfe\x00\x01\x02\x03"), 0o600)); err != nil {
		t.Fatal(err)
	}
	files := site.OpenFiles(dir, &evidence.Archive{})
	defer files.Close()
	for _, name := range []string{"huge.txt", "empty.txt", "missing.txt", "binary.txt"} {
		for _, part := range captured() {
			var h evidence.HostFiles
			setPart(t, &h, part, name)
			record, gaps := collect(t, files, h)
			if len(about(gaps, name)) == 0 {
				t.Errorf("host.%s = %s leaves no gap", part, name)
			}
			if p := partOf(record, part); p.Read || p.Complete {
				t.Errorf("host.%s = %s counts as read", part, name)
			}
		}
	}
}

func TestAMessageOfFailureIsNoAnswer(t *testing.T) {
	for _, message := range []string{
		"bash: sestatus: command not found\n",
		"sudo: a password is required\n",
		"-bash: /usr/sbin/ss: Permission denied\n",
		"System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
		"Error: Cache-only enabled but no cache for 'baseos'\n",
		"sshd: no hostkeys available -- exiting.\n",
	} {
		for _, part := range captured() {
			r, gaps := one(t, part, message)
			if len(gaps) == 0 || partOf(r, part).Read {
				t.Errorf("host.%s takes %q for an answer", part, message)
			}
		}
	}
}

// Of every capture of the clean sample, any beginning that ends within a line
// must be known to be cut.
func TestACaptureThatIsCutWithinALineIsAGap(t *testing.T) {
	for _, part := range captured() {
		h := cleanFiles()
		name := reflect.ValueOf(h).Field(fieldOf(t, part)).String()
		whole, err := os.ReadFile(filepath.Join("testdata/clean", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, len(whole) / 3, len(whole) / 2, len(whole) - 1} {
			if n > 0 && whole[n-1] == '\n' {
				n--
			}
			if _, gaps := one(t, part, string(whole[:n])); len(gaps) == 0 {
				t.Errorf("host.%s cut after %d of %d bytes leaves no gap", part, n, len(whole))
			}
		}
	}
}

func fieldOf(t *testing.T, part evidence.HostPartName) int {
	t.Helper()
	keys := reflect.TypeFor[evidence.HostFiles]()
	for i := range keys.NumField() {
		if keys.Field(i).Tag.Get("json") == string(part) {
			return i
		}
	}
	t.Fatalf("no key %s", part)
	return 0
}

func TestAListWithItsOwnMeasureOfWholenessIsKnownToBeCutBetweenLines(t *testing.T) {
	for name, part := range map[string]evidence.HostPartName{
		"unit-files.txt": evidence.PartUnits, "units.txt": evidence.PartUnitStates, "sshd-T.txt": evidence.PartSSHD,
		"ip-address.json": evidence.PartAddresses, "ip-route.json": evidence.PartRoutes, "xccdf.xml": evidence.PartXCCDF,
	} {
		whole, err := os.ReadFile(filepath.Join("testdata/clean", name))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(whole), "\n")
		half := strings.Join(lines[:len(lines)/2], "")
		if _, gaps := one(t, part, half); len(gaps) == 0 {
			t.Errorf("%s cut after half of its lines leaves no gap", name)
		}
	}
}

func TestOneBadLineNeverLosesTheRest(t *testing.T) {
	for name, part := range map[string]evidence.HostPartName{
		"sysctl.txt": evidence.PartSysctl, "sshd-T.txt": evidence.PartSSHD, "stat.txt": evidence.PartFiles, "mounts.txt": evidence.PartMounts,
		"passwd-S.txt": evidence.PartUsers, "unit-files.txt": evidence.PartUnits, "units.txt": evidence.PartUnitStates,
		"sestatus.txt": evidence.PartSELinux, "semanage-port.txt": evidence.PartSELinuxPorts, "ss.txt": evidence.PartSockets,
		"rpm-qa.txt": evidence.PartPackages, "updateinfo.txt": evidence.PartUpdates,
	} {
		whole, err := os.ReadFile(filepath.Join("testdata/clean", name))
		if err != nil {
			t.Fatal(err)
		}
		before, gaps := one(t, part, string(whole))
		if len(about(asGaps(gaps), "capture.txt")) != 0 {
			t.Errorf("%s: gaps %q", name, gaps)
		}
		lines := strings.SplitAfter(string(whole), "\n")
		broken := strings.Join(lines[:1], "") + "?!%% §§ one line that no tool ever wrote ;;\n" + strings.Join(lines[1:], "")
		after, gaps := one(t, part, broken)
		if len(gaps) != 1 || !strings.Contains(gaps[0], "capture.txt:2:") {
			t.Errorf("%s: the bad line leaves the gaps %q", name, gaps)
		}
		if b, a := count(before), count(after); a != b {
			t.Errorf("%s: %d facts with the bad line, %d without", name, a, b)
		}
	}
}

func TestALongListIsCutToTheShareOfItsEdge(t *testing.T) {
	var b strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&b, "package%d-1.0-1.el9.noarch\n", i)
	}
	edge := &evidence.Edge{Name: "rp-a", Host: evidence.HostFiles{Packages: "p.txt"}}
	got, err := host.Collector{}.Collect(context.Background(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Site: &evidence.Site{Edges: make([]evidence.Edge, 10)}, Edge: edge,
		Files: unredacted{memory{"p.txt": file(b.String())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := got.Sections.Count("host")
	if n > evidence.MaxSectionFacts/10 || len(got.Sections.Host[0].Packages) < 1000 {
		t.Errorf("%d facts of one edge of ten", n)
	}
	if len(about(got.Gaps, "of 2500 packages were kept")) != 1 || partOf(got.Sections.Host[0], evidence.PartPackages).Complete {
		t.Errorf("gaps %q", about(got.Gaps, ""))
	}
}
