// SPDX-License-Identifier: Apache-2.0

package site_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

const minimal = `site: acme
profile: finesse-12.6.1
edges:
  - name: rp-a
    live: {ports: from-map}
nodes:
  - {name: fin-a, role: finesse, host: fin-a.corp.example, live: {ports: [8445]}}
`

func TestASiteFileDecodesWithPlaces(t *testing.T) {
	s, err := site.Parse("site.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if s.Profile.Base != "finesse-12.6.1" || s.Edges[0].Live.Ports[0] != "from-map" || s.Nodes[0].Live.Ports[0] != "8445" {
		t.Errorf("decoded %+v", s)
	}
	if got := s.Nodes[0].Source; got.Line != 7 || got.Artifact != "site.yaml" || s.Nodes[0].Subject != "node/fin-a" {
		t.Errorf("node is placed at %+v as %q", got, s.Nodes[0].Subject)
	}
}

func TestAMistakeIsNamedWithItsPlaceAndAHint(t *testing.T) {
	for _, c := range []struct{ name, text, place, message, hint string }{
		{"a misspelt key", strings.Replace(minimal, "live: {ports: from", "liev: {ports: from", 1), "site.yaml:5:5", `unknown key "liev"`, `did you mean "live"?`},
		{"a key that stands twice", minimal + "site: other\n", "site.yaml:8:1", "stands twice", "keep one"},
		{"no YAML", "site: [", "site.yaml", "did not find", "must be YAML"},
		{"an empty file", "", "site.yaml", "no keys", "site: NAME"},
		{"no edge", "site: a\nprofile: p\n", "site.yaml:1:1", "no edge", "edges"},
		{"an unknown role", strings.Replace(minimal, "role: finesse", "role: finese", 1), "site.yaml:7", "role", "finesse"},
		{"an undeclared cluster", strings.Replace(minimal, "host:", "cluster: x, host:", 1), "site.yaml:7", "cluster", "clusters"},
		{"two edges of one name", strings.Replace(minimal, "nodes:", "  - name: rp-a\nnodes:", 1), "site.yaml:6", "twice", "unique"},
		{"a port that is none", strings.Replace(minimal, "[8445]", "[84455]", 1), "site.yaml:7", "no port", "from-map"},
		{"a list where a value is wanted", strings.Replace(minimal, "site: acme", "site: [a, b]", 1), "site.yaml", "", ""},
		{"a zone that is no network", minimal + "zones: {admins: [10.9.1.0/33]}\n", "site.yaml:8:18", "zones.admins", "10.9.1.0/24"},
		{"a load balancer that is nothing", minimal + "load_balancers: [\"banana banana\"]\n", "site.yaml:8", "load_balancers", "list each"},
		{"an origin with a path", minimal + "integrations: [{name: crm, embedder_origin: https://crm.example/x}]\n", "site.yaml:8", "is no origin", "https://crm.example"},
		{"an SSH entry without known_hosts", strings.Replace(minimal, "host:", "ssh: {address: fin-a, user: u, identity: k}, host:", 1), "site.yaml:7", "known_hosts is missing", "never trusted"},
		{"an SSH entry without a way in", strings.Replace(minimal, "host:", "ssh: {address: fin-a, user: u, known_hosts: k}, host:", 1), "site.yaml:7", "no way to log in", "password_file"},
		{"both ssh and a transcript", strings.Replace(minimal, "host:", "transcript: t, ssh: {address: fin-a, user: u, known_hosts: k, identity: i}, host:", 1), "site.yaml:7", "both ssh and transcript", "newer"},
		{"a secret of a server that has none", strings.Replace(minimal, "host:", "read_ids_secret: true, host:", 1), "site.yaml:7", "read_ids_secret", "remove"},
		{"a CTI server of no side", minimal + "cti: [{instance: CG1, side: c}]\n", "site.yaml:8:29", "neither a nor b", "side: a"},
		{"a live CTI server without a name", minimal + "cti: [{instance: CG1, side: a, secured_port: 42030, live: true}]\n", "site.yaml:8:7", "live without host", "declare both"},
		{"a CTI server with an address for a name", minimal + "cti: [{instance: CG1, side: a, host: \"a b\"}]\n", "site.yaml:8", "is no host name", "pg-a.corp.example"},
		{"a CTI server that stands twice", minimal + "cti:\n  - {instance: CG1, side: a}\n  - {instance: CG1, side: a, host: pg}\n", "site.yaml:10:5", "declared twice", "one entry"},
		{"an unknown component", minimal + "contact_center: [{component: pgx, name: a, version: \"12.6\"}]\n", "site.yaml:8:18", "component \"pgx\"", "pg, router"},
		{"a component without a name", minimal + "contact_center: [{component: pg, version: \"12.6\"}]\n", "site.yaml:8:18", "plain name", "pg-a"},
		{"a release that is none", minimal + "contact_center: [{component: pg, name: a, version: new}]\n", "site.yaml:8:18", "two numbers", "12.6(2)"},
		{"a view that is none", minimal + "dns: [{view: home, answers: a}]\n", "site.yaml:8:7", "none of lan", "part of the network"},
		{"two sources of one view", minimal + "dns: [{view: lan, answers: a, resolver: 10.9.0.53}]\n", "site.yaml:8:7", "either answers or resolver", "dig"},
		{"a resolver by name", minimal + "dns: [{view: lan, resolver: ns.example}]\n", "site.yaml:8:29", "is no address", "10.9.0.53"},
		{"names beside answers", minimal + "dns: [{view: lan, answers: a, names: [b]}]\n", "site.yaml:8:7", "names are for a resolver", "remove"},
		{"a name that is none", minimal + "dns: [{view: lan, resolver: \"10.9.0.53:5353\", names: [\"a b\"]}]\n", "site.yaml:8:7", "is no host name", "desk-a"},
		{"a platform that is none", minimal + "integrations: [{name: crm, platform_host: https://crm.example/x}]\n", "site.yaml:8", "neither a host nor an origin", "https://"},
		{"an exception for what is live", minimal + "cti: [{instance: CG1, side: a, host: pg, secured_port: 42030, live: true}]\nout_of_scope: [{section: tlsposture, target: cti/CG1-a, reason: x}]\n", "site.yaml:9", "in scope", "remove"},
		{"an exception for a declared view", minimal + "dns: [{view: lan, answers: a}]\nout_of_scope: [{section: dns, target: site, reason: x}]\n", "site.yaml:9", "in scope", "remove"},
		{"a host beside ssh", strings.Replace(minimal, "nodes:", "    host: {sysctl: s}\n    ssh: {address: rp-a, user: u, known_hosts: k, identity: i}\nnodes:", 1), "site.yaml:6", "both ssh and host", "xccdf"},
		{"a duration without unit", minimal + "deadline: 15\n", "site.yaml:8", "no duration", "15m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := site.Parse("site.yaml", []byte(c.text))
			var e *site.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a site error", err)
			}
			if !strings.HasPrefix(e.Place, c.place) || !strings.Contains(e.Message, c.message) || !strings.Contains(e.HintText, c.hint) {
				t.Errorf("got %q hint %q", e.Error(), e.HintText)
			}
		})
	}
}

func TestFilesReadsOnlyRegularFilesInsideADeclaredTree(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	for path, text := range map[string]string{
		filepath.Join(dir, "tree/a.conf"):     "set $api_token \"hunter2hunter2\";\n",
		filepath.Join(dir, "tree/server.key"): "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		outside:                               "outside",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "tree/link")); err != nil {
		t.Fatal(err)
	}
	archive := &evidence.Archive{}
	files := site.OpenFiles(dir, archive)
	defer files.Close()
	tree, err := files.Tree("tree")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) (string, error) {
		f, err := tree.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		b := make([]byte, 4096)
		n, _ := f.Read(b)
		return string(b[:n]), nil
	}
	if text, err := read("a.conf"); err != nil || strings.Contains(text, "hunter2") {
		t.Errorf("a.conf: %q, %v", text, err)
	}
	for _, name := range []string{"link", "server.key", "../site.yaml", "missing"} {
		if text, err := read(name); err == nil {
			t.Errorf("%s was read: %q", name, text)
		}
	}
	if _, err := files.Read("tree", 10); err == nil {
		t.Error("a folder was read as a file")
	}
	if _, err := files.Read("tree/a.conf", 3); err == nil {
		t.Error("an oversized file was read")
	}
	for _, art := range archive.All() {
		if strings.Contains(string(art.Text), "hunter2") || strings.Contains(string(art.Text), "outside") {
			t.Errorf("%s keeps a secret", art.Path)
		}
	}
}
