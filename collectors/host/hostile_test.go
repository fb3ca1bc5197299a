// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

func TestAHostileTreeLeavesGapsAndLeaksNothing(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const outside = "CANARY-OUTSIDE"
	write("outside/secret.conf", "net.ipv4.ip_forward = "+outside+"\n")
	write("outside/passwd", outside+":x:0:0::/:/bin/sh\n")
	write("tree/etc/sysctl.d/10-good.conf", "kernel.sysrq = 0\n")
	write("tree/etc/sysctl.d/$(touch pwned); rm -rf x.conf", "vm.swappiness = 1\n")
	write("tree/etc/sysctl.d/20-\xff\xfe.conf", "kernel.sysrq = 7\n")
	write("tree/etc/logrotate.conf", "include /etc/logrotate.d\n")
	write("tree/etc/logrotate.d/loop", "include /etc/logrotate.d\n")
	write("tree/etc/fail2ban/jail.conf", "[INCLUDES]\nbefore = ../../../outside/secret.conf\n         jail.conf\n[a]\nenabled = true\nfilter = ../../../../outside/secret\nport = %(port)s\n")
	do(os.Symlink("../../../outside/secret.conf", filepath.Join(dir, "tree/etc/sysctl.d/30-out.conf")))
	do(os.Symlink("/etc/hostname", filepath.Join(dir, "tree/etc/sysctl.d/31-absolute.conf")))
	do(os.Symlink("32-loop.conf", filepath.Join(dir, "tree/etc/sysctl.d/32-loop.conf")))
	do(os.Symlink("../../outside/passwd", filepath.Join(dir, "tree/etc/passwd")))
	do(os.MkdirAll(filepath.Join(dir, "tree/etc/hosts"), 0o755))
	do(syscall.Mkfifo(filepath.Join(dir, "tree/etc/resolv.conf"), 0o600))
	do(os.WriteFile(filepath.Join(dir, "tree/etc/nsswitch.conf"), nil, 0o600))
	do(os.Truncate(filepath.Join(dir, "tree/etc/nsswitch.conf"), 1<<33))
	files := site.OpenFiles(dir, &evidence.Archive{})
	defer files.Close()
	record, gaps := collect(t, files, evidence.HostFiles{Root: "tree"})
	text, err := evidence.Encode(struct {
		Host evidence.Host
		Gaps []evidence.Gap
	}{record, gaps})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), outside) {
		t.Error("something outside of the tree was read")
	}
	for _, place := range []string{
		"30-out.conf", "31-absolute.conf", "32-loop.conf", "etc/passwd", "etc/hosts", "etc/resolv.conf", "etc/nsswitch.conf",
		"not valid UTF-8", "included too deep", "the filter is a path", "need each other",
	} {
		if len(about(gaps, place)) == 0 {
			t.Errorf("no gap names %s: %q", place, about(gaps, ""))
		}
	}
	if setting(record, "kernel.sysrq").Text != "0" || setting(record, "vm.swappiness").Text != "1" {
		t.Errorf("the good files are lost: %+v", record.SysctlFiles)
	}
}

func TestASecretInAnyInputIsInNoFact(t *testing.T) {
	const canary = "Zq7vCANARYx9Kd2"
	m := memory{}
	tree, err := filepath.Glob("testdata/clean/*.*")
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{
		"password = " + canary, "passwd: " + canary, "net.ipv6.conf.all.stable_secret = " + canary, "net.ipv4.tcp_fastopen_key = " + canary,
		"//server/share /mnt cifs rw,username=x,password=" + canary + " 0 0", "Authorization: Bearer " + canary,
		"https://user:" + canary + "@mirror.example/repo", "nginxuser:" + canary + ":1:1::/:/bin/sh", "key=" + canary,
		`-----BEGIN PRIVATE KEY-----`, canary, `-----END PRIVATE KEY-----`,
	}
	plant := strings.Join(lines, "\n") + "\n"
	for _, name := range tree {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".txt" {
			text = append(text, plant...)
		}
		m[filepath.Base(name)] = &fstest.MapFile{Data: text}
	}
	err = fs.WalkDir(os.DirFS("testdata/clean"), "tree", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join("testdata/clean", name))
		// A tree is redacted as it is opened; memory is not.
		clean, _ := evidence.Redact(append(text, plant...))
		m[name] = &fstest.MapFile{Data: clean}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	record, gaps := collect(t, m, cleanFiles())
	out, err := evidence.Encode(struct {
		Host evidence.Host
		Gaps []evidence.Gap
	}{record, gaps})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if strings.Contains(line, canary) {
			t.Errorf("a secret is in the facts: %s", line)
		}
	}
}
