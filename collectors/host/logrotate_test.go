// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// logrotate tells what it would do with each stanza.
func TestStanzasAreThoseThatLogrotateKnows(t *testing.T) {
	dir := t.TempDir()
	config := "weekly\nrotate 4\ncompress\ninclude " + dir + "/more\n/var/log/last.log { monthly }\n"
	if err := os.MkdirAll(filepath.Join(dir, "more"), 0o755); err != nil {
		t.Fatal(err)
	}
	more := map[string]string{
		"a":           "/srv/a/*.log /srv/b.log\n{\n daily\n rotate 30\n postrotate\n  kill -USR1 $(cat x) }\n endscript\n}\n",
		"b":           "\"/srv/with blank.log\" {\n rotate 7\n}\nrotate 9\n",
		"c":           "/srv/c.log {\n yearly\n}\n",
		"old.rpmsave": "/srv/never.log {\n daily\n}\n",
	}
	m := memory{}
	for name, text := range more {
		if err := os.WriteFile(filepath.Join(dir, "more", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		m["tree"+dir+"/more/"+name] = file(text)
	}
	m["tree/etc/logrotate.conf"] = file(config)
	name := filepath.Join(dir, "main.conf")
	if err := os.WriteFile(name, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	out, _ := exec.CommandContext(ctx, program(t, "logrotate"), "-d", "-s", filepath.Join(dir, "state"), name).CombinedOutput()
	var want []string
	for _, p := range regexp.MustCompile(`(?m)^rotating pattern: (.*?)\s+(after 1 days|weekly|monthly|yearly) \((\d+) rotations\)`).FindAllStringSubmatch(string(out), -1) {
		frequency := map[string]string{"after 1 days": "daily", "weekly": "weekly", "monthly": "monthly", "yearly": "yearly"}[p[2]]
		want = append(want, fmt.Sprintf("%s %s %s", strings.ReplaceAll(p[1], `"`, ""), frequency, p[3]))
	}
	r, gaps := collect(t, m, evidence.HostFiles{Root: "tree"})
	noGaps(t, about(gaps, "logrotate"))
	var got []string
	for _, l := range r.LogRotations {
		got = append(got, fmt.Sprintf("%s %s %d", strings.Join(l.Patterns, " "), l.Frequency, l.Count))
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 4 {
		t.Errorf("%s\n%s", diff, out)
	}
}

func TestLogRotationInherits(t *testing.T) {
	r, gaps := inTree(t, "logrotate", map[string]string{
		"etc/logrotate.conf":     "weekly\nrotate 4\ncreate 0600 root adm\nminsize 1k\ninclude /etc/logrotate.d\n",
		"etc/logrotate.d/a":      "/usr/local/openresty/nginx/logs/access.log\n/usr/local/openresty/nginx/logs/error.log {\n  rotate 10\n  size=5M\n  nocreate\n  nocompress\n}\n",
		"etc/logrotate.d/b.bak":  "/never { daily }\n",
		"etc/logrotate.d/c":      "/x.log { monthly }\n/y.log {\n  daily\n  postrotate\n    } not an end\n  endscript\n  maxage seven\n  %%%\n",
		"etc/logrotate.d/d~":     "/never { daily }\n",
		"etc/logrotate.d/README": "",
	})
	var got []string
	for _, l := range r.LogRotations {
		got = append(got, fmt.Sprintf("%v %s %d size=%d create=%t %s %s %d", l.Patterns, l.Frequency, l.Count, l.SizeBytes, l.Create, l.CreateMode, l.CreateOwner, len(l.NginxLogs)))
	}
	want := []string{
		"[/usr/local/openresty/nginx/logs/access.log /usr/local/openresty/nginx/logs/error.log] weekly 10 size=5242880 create=false   2",
		"[/x.log] monthly 4 size=0 create=true 0600 root 0",
		"[/y.log] daily 4 size=0 create=true 0600 root 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(gaps) != 3 {
		t.Errorf("gaps %q", gaps)
	}
}
