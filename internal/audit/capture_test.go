// SPDX-License-Identifier: Apache-2.0

//go:build linux

package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/site"
)

// hostile writes an nginx prefix that tries to lead an audit astray, and returns
// it with what must never be seen.
func hostile(t *testing.T, dir string) (prefix, canary string) {
	t.Helper()
	canary = "canary-" + "3f9a1c"
	prefix = filepath.Join(dir, "nginx")
	for name, text := range map[string]string{
		"nginx/conf/nginx.conf":     "events {}\nhttp {\n  include /etc/shadow;\n  include " + dir + "/elsewhere/*.conf;\n  include out.conf;\n  include \"a b;$(x).conf\";\n  include pipe.conf;\n  server { listen 8445 ssl; server_name desk-a.agents.example; return 421; }\n}\n",
		"nginx/conf/a b;$(x).conf":  "server_tokens off;\n",
		"elsewhere/secret.conf":     "# " + canary + "\n",
		"nginx/ssl/edge.key":        canary + "\n",
		"envs/finesse.env":          "NGX_PRXY_FIN_PORT=8445\n",
		"certs/edge.key":            canary + "\n",
		"certs/readme; rm -rf .pem": "no certificate\n",
	} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink("../../elsewhere/secret.conf", filepath.Join(prefix, "conf", "out.conf")), syscall.Mkfifo(filepath.Join(prefix, "conf", "pipe.conf"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return prefix, canary
}

// unharmed holds a bundle of the hostile host to what must hold for every way
// of reading it.
func unharmed(t *testing.T, b *evidence.Bundle, canary string) {
	t.Helper()
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), canary) || strings.Contains(out.String(), "root:$") || strings.Contains(out.String(), "root:*:") {
		t.Error("the bundle holds what lies outside of the declared folders")
	}
	doc := b.Document
	gap := func(section, text string) bool {
		for _, g := range doc.Gaps {
			if g.Section == section && g.Subject == "edge/rp-a" && strings.Contains(g.Reason, text) {
				return true
			}
		}
		return false
	}
	for _, text := range []string{"/etc/shadow", "out.conf", "pipe.conf", "elsewhere"} {
		if !gap("nginxrules", text) {
			t.Errorf("no gap names %s: %+v", text, doc.Gaps)
		}
	}
	if len(doc.NginxRules) != 1 || len(doc.NginxRules[0].Servers) != 1 {
		t.Errorf("the rest of the configuration was not read: %+v", doc.NginxRules)
	}
	if len(doc.Host) != 1 || len(doc.Host[0].Sysctls) < 100 || len(doc.Host[0].Files) == 0 {
		t.Errorf("the host was not read: %d record(s)", len(doc.Host))
	}
	key := false
	for _, host := range doc.Host {
		for _, f := range host.Files {
			key = key || strings.HasSuffix(f.Path, "/nginx/ssl/edge.key") && f.Bits == 0o600
		}
	}
	if !key {
		t.Error("the mode of the key in the declared prefix is not known")
	}
	if len(doc.Env) != 1 {
		t.Errorf("the environment files were not read: %+v", doc.Env)
	}
	for _, art := range b.Archive.All() {
		if strings.Contains(art.Path, "shadow") || strings.Contains(art.Path, ".key") {
			t.Errorf("%s is an artifact", art.Path)
		}
	}
}

// provedAsFarAsRead holds a bundle to a proof of what was captured of the hostile host,
// which is open for what was not.
func provedAsFarAsRead(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	derived, gaps := derive(t, b, nil)
	if len(derived.Exposure) != 1 || derived.Exposure[0].Directives == 0 || derived.Exposure[0].Target != "edge/rp-a" {
		t.Errorf("what was captured is not proved: %+v, %+v", derived.Exposure, gaps)
	}
	open := false
	for _, g := range gaps {
		open = open || g.Subject == "edge/rp-a" && strings.Contains(g.Reason, "out.conf")
	}
	if !open {
		t.Errorf("the proof does not say what it lacks: %+v", gaps)
	}
}

func TestAnEdgeIsReadOverSSHFromARealServer(t *testing.T) {
	dir := t.TempDir()
	prefix, canary := hostile(t, dir)
	keys := filepath.Join(dir, "keys")
	if err := os.Mkdir(keys, 0o700); err != nil {
		t.Fatal(err)
	}
	server, err := lab.StartOpenSSH(keys)
	switch {
	case errors.Is(err, lab.ErrNotInstalled) && os.Getenv("CI") != "true":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	defer server.Close()
	access := fmt.Sprintf("{address: %q, user: %s, identity: keys/client, known_hosts: keys/known_hosts}", server.Address, server.User)
	text := fmt.Sprintf("site: acme\nprofile: finesse-12.6.1\nedges:\n  - name: rp-a\n    nginx: {prefix: %s, conf: conf/nginx.conf}\n    env: %s/envs\n    certificates: %s/certs\n    ssh: %s\n",
		prefix, dir, dir, access)
	file, err := site.FromText(filepath.Join(dir, "site.yaml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.Collect(t.Context(), file, audit.CollectOptions{Rate: 0})
	if err != nil {
		t.Fatal(err)
	}
	unharmed(t, b, canary)
	provedAsFarAsRead(t, b)
	if n := len(b.Document.IPTables); os.Geteuid() == 0 && n != 2 {
		t.Errorf("%d rule sets", n)
	}
}

func TestAnEdgeReadsItself(t *testing.T) {
	dir := t.TempDir()
	prefix, canary := hostile(t, dir)
	text := fmt.Sprintf("site: acme\nprofile: finesse-12.6.1\nedges:\n  - name: rp-a\n    nginx: {prefix: %s, conf: conf/nginx.conf}\n    env: %s/envs\n    certificates: %s/certs\n", prefix, dir, dir)
	file, err := site.FromText("site.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.CollectHost(t.Context(), file, "rp-a", audit.CollectOptions{Vantage: evidence.VantageDMZ})
	if err != nil {
		t.Fatal(err)
	}
	unharmed(t, b, canary)
	// The bundle fills the site of those who audit.
	mine, err := site.FromText("site.yaml", []byte("site: acme\nprofile: finesse-12.6.1\nedges: [{name: rp-a}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := audit.Collect(t.Context(), mine, audit.CollectOptions{Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	merged, _, err := evidence.Merge(base, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range merged.Document.Gaps {
		if strings.Contains(g.Reason, "declares no host") && !strings.Contains(g.Reason, "host.") || g.Section == "nginxrules" && strings.Contains(g.Reason, "declares") {
			t.Errorf("still open: %+v", g)
		}
	}
	provedAsFarAsRead(t, merged)
	if len(merged.Document.Host) != 1 || len(merged.Document.NginxRules) != 1 {
		t.Errorf("the bundle was not merged: %+v", merged.Document.NginxRules)
	}
}

// TestManyHostsThatHangEndAtTheDeadline has two edges and eight nodes that let
// nobody finish a login, one more that is declared by files, and a deadline.
func TestManyHostsThatHangEndAtTheDeadline(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close() // held open until the listener ends
		}
	}()
	dir := t.TempDir()
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	known := "[" + host + "]:" + port + " ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	for name, text := range map[string]string{
		"known_hosts": known, "password": "x\n", "cli.txt": "admin:utils system reverse-proxy client-auth status\nSSL certificate verification for connections established from reverse proxy hosts is enabled\nadmin:",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	access := fmt.Sprintf("{address: %q, user: auditor, password_file: password, known_hosts: known_hosts}", l.Addr())
	var b strings.Builder
	b.WriteString("site: acme\nprofile: finesse-12.6.1\nedges:\n")
	for i := range 2 {
		fmt.Fprintf(&b, "  - {name: rp-%d, ssh: %s}\n", i, access)
	}
	b.WriteString("nodes:\n  - {name: fin-file, role: finesse, host: f.corp.example, transcript: cli.txt}\n")
	for i := range 8 {
		fmt.Fprintf(&b, "  - {name: fin-%d, role: finesse, host: fin-%d.corp.example, ssh: %s}\n", i, i, access)
	}
	file, err := site.FromText(filepath.Join(dir, "site.yaml"), []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	start := time.Now()
	bundle, err := audit.Collect(ctx, file, audit.CollectOptions{Rate: 0})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("it took %s", took)
	}
	silent := map[string]bool{}
	for _, g := range bundle.Document.Gaps {
		if strings.Contains(g.Reason, "deadline exceeded") {
			silent[g.Subject] = true
		}
	}
	if len(silent) != 10 {
		t.Errorf("gaps name %d hosts, want 10: %v", len(silent), silent)
	}
	if len(bundle.Document.VOS) != 1 || !bundle.Document.VOS[0].ClientAuth.Known {
		t.Errorf("what lies in a file was lost: %+v", bundle.Document.VOS)
	}
}
