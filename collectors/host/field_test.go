// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/host"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// fieldsOfArtifacts are the fields that each artifact fills.
var fieldsOfArtifacts = map[evidence.HostPartName]string{
	evidence.PartSysctl: "sysctls", evidence.PartSSHD: "sshd", evidence.PartFiles: "files", evidence.PartMounts: "mounts",
	evidence.PartUsers: "users", evidence.PartUnits: "units", evidence.PartUnitStates: "units", evidence.PartSELinux: "selinux",
	evidence.PartSELinuxPorts: "port_labels", evidence.PartSockets: "sockets", evidence.PartAddresses: "interfaces",
	evidence.PartRoutes: "routes", evidence.PartPackages: "packages", evidence.PartUpdates: "updates", evidence.PartXCCDF: "benchmarks",
	evidence.PartOSRelease: "system", evidence.PartSysctlFiles: "sysctl_files", evidence.PartAccounts: "users",
	evidence.PartSELinuxConfig: "selinux", evidence.PartNames: "names", evidence.PartResolver: "resolver",
	evidence.PartNameService: "resolver", evidence.PartFail2ban: "jails", evidence.PartLogrotate: "log_rotations",
	evidence.PartLogForwarding: "log_forwardings", evidence.PartCPU: "hardware", evidence.PartMemory: "hardware", evidence.PartVolumes: "hardware",
}

// parts returns the fields that gaps are about, each once.
func parts(gaps []evidence.Gap) []string {
	var out []string
	for _, g := range gaps {
		if !slices.Contains(out, g.Part) {
			out = append(out, g.Part)
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryArtifactThatIsMissingOrBrokenLeavesOnlyItsOwnFieldUnknown takes the
// artifacts out of the clean sample one by one, and breaks them.
func TestEveryArtifactThatIsMissingOrBrokenLeavesOnlyItsOwnFieldUnknown(t *testing.T) {
	places := map[evidence.HostPartName]string{
		evidence.PartOSRelease: "etc/os-release", evidence.PartSysctlFiles: "etc/sysctl.d", evidence.PartAccounts: "etc/passwd",
		evidence.PartSELinuxConfig: "etc/selinux/config", evidence.PartNames: "etc/hosts", evidence.PartResolver: "etc/resolv.conf",
		evidence.PartNameService: "etc/nsswitch.conf", evidence.PartFail2ban: "etc/fail2ban/jail", evidence.PartLogrotate: "etc/logrotate.conf",
		evidence.PartLogForwarding: "etc/rsyslog.conf",
	}
	for _, value := range evidence.HostPartName("").Values() {
		name := evidence.HostPartName(value)
		place, ok := places[name]
		if ok {
			place = "tree/" + place
		} else {
			place = reflect.ValueOf(cleanFiles()).Field(fieldOf(t, name)).String()
		}
		want := fieldsOfArtifacts[name]
		if !slices.Contains(evidence.Parts("host"), want) {
			t.Errorf("%s: %q is no field of the record", name, want)
		}
		for change, apply := range map[string]func([]byte) []byte{
			"gone":   func([]byte) []byte { return nil },
			"broken": func(old []byte) []byte { return append([]byte("%% no tool wrote this §§\n"), old...) },
			"binary": func([]byte) []byte { return []byte("\x7fELF\x02\x01\x00\x00\x03\x04\xff\xfe\x00\x01\x02\x03") },
		} {
			m := sample(t)
			found := 0
			for file := range m {
				if strings.HasPrefix(file, place) {
					found++
					if text := apply(m[file].Data); text != nil {
						m[file].Data = text
					} else {
						delete(m, file)
					}
				}
			}
			if found == 0 {
				t.Fatalf("the clean sample has no %s", place)
			}
			_, gaps := collect(t, unredacted{m}, cleanFiles())
			if len(gaps) == 0 && change != "binary" {
				continue // etc/sysctl.d need not be there, and text around XML is passed over
			}
			if name == evidence.PartPackages {
				gaps = withoutDays(gaps)
			}
			if diff := cmp.Diff([]string{want}, parts(gaps)); diff != "" {
				t.Errorf("%s is %s: %s%q", place, change, diff, about(gaps, ""))
			}
		}
	}
}

// sample is the clean sample in memory.
func sample(t *testing.T) memory {
	t.Helper()
	m, root := memory{}, os.DirFS("testdata/clean")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		m[name] = file(string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAKeyThatIsNotDeclaredLeavesOnlyItsOwnFieldUnknown(t *testing.T) {
	files := site.OpenFiles("testdata/clean", &evidence.Archive{})
	defer files.Close()
	for _, name := range captured() {
		h := cleanFiles()
		setPart(t, &h, name, "")
		want := []string{fieldsOfArtifacts[name]}
		if name == evidence.PartPackages {
			want = []string{"last_install", "packages"}
		}
		if _, gaps := collect(t, files, h); !cmp.Equal(parts(gaps), want) {
			t.Errorf("without host.%s the fields %q are unknown", name, parts(gaps))
		}
	}
}

// withoutDays leaves out the gaps about the days of packages, which the list of
// packages holds too.
func withoutDays(gaps []evidence.Gap) []evidence.Gap {
	return slices.DeleteFunc(gaps, func(g evidence.Gap) bool { return g.Part == "last_install" })
}

// TestWithoutATreeEachFieldThatIsReadFromItIsUnknown also tries a tree that does
// not open.
func TestWithoutATreeEachFieldThatIsReadFromItIsUnknown(t *testing.T) {
	var want []string
	for name, f := range fieldsOfArtifacts {
		if !slices.Contains(captured(), name) && !slices.Contains(want, f) {
			want = append(want, f)
		}
	}
	slices.Sort(want)
	files := site.OpenFiles("testdata/clean", &evidence.Archive{})
	defer files.Close()
	for _, root := range []string{"", "absent"} {
		h := cleanFiles()
		h.Root = root
		_, gaps := collect(t, files, h)
		if diff := cmp.Diff(want, parts(gaps)); diff != "" || len(gaps) != len(want) {
			t.Errorf("host.root = %q: %s%q", root, diff, about(gaps, ""))
		}
	}
}

func TestATimeThatIsOverLeavesEverythingUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	edge := &evidence.Edge{Name: "rp-a", Host: cleanFiles()}
	files := site.OpenFiles(filepath.Join("testdata", "clean"), &evidence.Archive{})
	defer files.Close()
	got, err := host.Collector{}.Collect(ctx, evidence.Target{Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: edge, Files: files})
	if err != nil || !cmp.Equal(parts(got.Gaps), []string{""}) {
		t.Errorf("gaps %q of %q, %v", about(got.Gaps, ""), parts(got.Gaps), err)
	}
}
