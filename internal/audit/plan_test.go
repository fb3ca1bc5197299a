// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/site"
)

// TestANameThatNobodyServesIsAGap has a map with two names, one of which only a
// regular expression may serve: it is not contacted, and that is said.
func TestANameThatNobodyServesIsAGap(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml": "site: acme\nprofile: finesse-12.6.1\nproxymap: {file: map.txt}\nedges:\n" +
			"  - {name: rp-a, live: {ports: from-map}, nginx: {root: tree, conf: nginx.conf, version: 1.22.1}}\n" +
			"connect: [{from: \"desk-a.agents.example:8445\", to: \"127.0.0.1:1\"}]\n",
		"map.txt":         "a.corp.example:8445=desk-a.agents.example:8445\nb.corp.example:8445=desk-b.agents.example:8445\n",
		"tree/nginx.conf": "events {}\nhttp { server { listen 8445 ssl; server_name desk-a.agents.example \"~^desk-b\\.\"; return 421; } }\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, result := judge(t, filepath.Join(dir, "site.yaml"), audit.CollectOptions{Rate: 0, Vantage: evidence.VantageInternet})
	const dark = "edge/rp-a/listener/desk-b.agents.example:8445"
	gap, unknown := false, false
	for _, g := range result.Evidence.Gaps {
		gap = gap || g.Section == "tlsposture" && g.Subject == dark && g.Artifact == "map.txt" && g.Line == 2
	}
	for _, v := range result.Verdicts {
		if v.Outcome == finding.Pass && v.Rule == "tls/legacy_protocol" {
			t.Errorf("%s passes for %s, and nobody answered", v.Rule, v.Subject)
		}
		unknown = unknown || v.Rule == "tls/legacy_protocol" && v.Outcome == finding.Unknown
	}
	if !gap || !unknown {
		t.Errorf("gap %v, unknown %v: %+v", gap, unknown, result.Evidence.Gaps)
	}
}

// TestAListedPortOutsideTheMapIsContactedOrAGap lists a port that the map does
// not have: every name of the edge is asked there, and without a name it is said.
func TestAListedPortOutsideTheMapIsContactedOrAGap(t *testing.T) {
	doc := evidence.Document{
		Site: evidence.Site{Edges: []evidence.Edge{{Name: "rp-a", Subject: "edge/rp-a", Live: evidence.Live{Ports: []string{"8445", "10000"}}}}},
		Sections: evidence.Sections{ProxyMap: []evidence.ProxyMap{{Target: "site", Entries: []evidence.MapEntry{{
			External: evidence.Endpoint{Host: "desk-a.agents.example", Port: 8445, HasPort: true},
		}}}}},
	}
	var planned []string
	for _, l := range audit.Plan(&doc).Listeners {
		planned = append(planned, fmt.Sprintf("%s:%d", l.Host, l.Port))
	}
	if got := strings.Join(planned, " "); got != "desk-a.agents.example:8445 desk-a.agents.example:10000" {
		t.Errorf("planned %s", got)
	}
	file, err := site.FromText("site.yaml", []byte("site: acme\nprofile: finesse-12.6.1\nedges: [{name: rp-a, live: {ports: [10000]}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.Collect(t.Context(), file, audit.CollectOptions{Rate: 0})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, g := range b.Document.Gaps {
		if strings.Contains(g.Reason, "port 10000") {
			said[g.Section] = true
		}
	}
	if len(said) != 4 {
		t.Errorf("the port is a gap of %v, want of the four live sections", said)
	}
}
