// SPDX-License-Identifier: Apache-2.0

package lab_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/lab"
)

func start(t *testing.T, o lab.Options) (dir string, l *lab.Lab) {
	t.Helper()
	dir = t.TempDir()
	l, err := lab.Start(t.Context(), dir, o)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	return dir, l
}

func TestTheLabStartsAndEnds(t *testing.T) {
	for _, nginx := range []string{"", lab.FindNginx()} {
		for _, faults := range []bool{true, false} {
			_, l := start(t, lab.Options{Faults: faults, Nginx: nginx})
			t.Logf("%s: %d planted", l.Edge, len(l.Planted))
			if (len(l.Planted) > 0) != faults {
				t.Errorf("nginx %q faults %v: %d planted", nginx, faults, len(l.Planted))
			}
			if err := l.Close(); err != nil {
				t.Errorf("nginx %q faults %v: %v", nginx, faults, err)
			}
		}
	}
}

func TestOnlyTheOwnerReadsWhatLetsTheAuditIn(t *testing.T) {
	dir, l := start(t, lab.Options{})
	defer l.Close()
	secrets := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(name)) != "ssh" {
			return err
		}
		secrets++
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		return err
	})
	if err != nil || secrets != 4 {
		t.Errorf("%d files: %v", secrets, err)
	}
}

func TestASiteFolderBringsItsOwnConfigurationRulesMapAndTranscripts(t *testing.T) {
	conf := "rp-a/tree/usr/local/openresty/nginx/conf/"
	site := fstest.MapFS{
		"proxymap.txt":           {Data: []byte("fin-a.corp.example:8445=desk-a.agents.example:8445\n")},
		"site.yaml":              {Data: []byte("not used")},
		"rp-a/iptables-save.txt": {Data: []byte("*filter\nCOMMIT\n")},
		conf + "nginx.conf":      {Data: []byte("events {}\n")},
		"fin-a/cli.txt":          {Data: []byte("admin:\n")},
		// These are of the instant that the folder was made at.
		"corp-root.pem":         {Data: []byte("old")},
		conf + "ssl/desk-a.pem": {Data: []byte("old")},
		"rp-a/host/sshd-T.txt":  {Data: []byte("old")},
	}
	dir, l := start(t, lab.Options{Site: site})
	defer l.Close()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for at, from := range map[string]string{
		"map/proxymap.txt": "proxymap.txt", "rp-a/iptables-save.txt": "rp-a/iptables-save.txt", conf + "nginx.conf": conf + "nginx.conf", "fin-a/cli.txt": "fin-a/cli.txt",
	} {
		if got := read(at); got != string(site[from].Data) {
			t.Errorf("%s: %q", at, got)
		}
	}
	for _, name := range []string{conf + "conf.d", "rp-a/nft.json", "known_hosts"} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); !os.IsNotExist(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text := read("site.yaml"); strings.Contains(text, "ssh:") || strings.Contains(text, "nft:") || !strings.Contains(text, "transcript: ids-a/cli.txt") {
		t.Errorf("the site file declares what the site folder does not have:\n%s", text)
	}
	for _, name := range []string{"corp-root.pem", conf + "ssl/desk-a.pem", "rp-a/host/sshd-T.txt"} {
		if text := read(name); text == "" || text == "old" {
			t.Errorf("%s: %q is not the lab's own", name, text)
		}
	}
}
