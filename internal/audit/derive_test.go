// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/policies"
)

// derive works out what a bundle shows.
func derive(t *testing.T, b *evidence.Bundle, proofs *audit.Proofs) (evidence.Derived, []evidence.Gap) {
	t.Helper()
	profile, err := policy.LoadProfile(policies.FS, b.Document.Site.Profile)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Derive(b, &b.Document, &profile, proofs)
}

func TestEveryCleanSiteIsProvedToTheLastDirective(t *testing.T) {
	for _, s := range sites(t, "clean") {
		t.Run(filepath.Base(filepath.Dir(s)), func(t *testing.T) {
			t.Parallel()
			file, err := site.Load(s)
			if err != nil {
				t.Fatal(err)
			}
			b, err := audit.Collect(t.Context(), file, offline())
			if err != nil {
				t.Fatal(err)
			}
			derived, gaps := derive(t, b, nil)
			for _, g := range gaps {
				t.Errorf("%s: %s", g.Subject, g.Reason)
			}
			if len(derived.Exposure) != len(b.Document.Site.Edges) {
				t.Errorf("%d of %d edges have a proof", len(derived.Exposure), len(b.Document.Site.Edges))
			}
			for _, e := range derived.Exposure {
				t.Logf("%s: %d of %d directives, %d ways", e.Target, e.Exact, e.Directives, len(e.Ways))
				for _, w := range e.Ways {
					if w.Class != evidence.ExposureAllowed || w.Unnamed || w.Credentials && !w.Authenticated {
						t.Errorf("%s:%d: %s is %s", w.Location.Artifact, w.Location.Line, w.Request, w.Class)
					}
				}
				for _, u := range e.Undecided {
					t.Errorf("%s:%d: %s", u.Source.Artifact, u.Source.Line, u.Reason)
				}
				if !e.Proved || e.Exact != e.Directives || e.Directives == 0 || len(e.Ways) == 0 {
					t.Errorf("%s is not proved", e.Target)
				}
			}
		})
	}
}

const (
	gateSite = `site: acme
profile: finesse-12.6.1
edges:
  - name: rp-a
    nginx: {dump: nginx-T.txt, version: 1.22.1}
nodes:
  - {name: fin-a, role: finesse, host: fin-a.corp.example}
`
	gateDump = `# configuration file /etc/nginx/nginx.conf:
events {}
http {
    include gate.conf;
}
# configuration file /etc/nginx/gate.conf:
server {
    listen 8445;
    server_name desk-a.agents.example;
    location ^~ /desktop/ { access_by_lua_file lua/guard.lua; proxy_pass http://fin-a.corp.example:8445; }
    location = /finesse/api/SystemInfo { proxy_pass http://fin-a.corp.example:8445; }
}

`
)

func TestAProofNamesThePlacesOfTheBundle(t *testing.T) {
	b, err := collectSite(t, map[string]string{"site.yaml": gateSite, "nginx-T.txt": gateDump})
	if err != nil {
		t.Fatal(err)
	}
	derived, gaps := derive(t, b, &audit.Proofs{})
	if len(derived.Exposure) != 1 || len(gaps) > 0 {
		t.Fatalf("%d proofs, gaps %v", len(derived.Exposure), gaps)
	}
	e := derived.Exposure[0]
	naked := false
	for _, w := range e.Ways {
		if w.Template == "/finesse/api/SystemInfo" && w.Credentials && !w.Authenticated {
			naked = true
			if w.Location.Artifact != "nginx-T.txt" || w.Location.Line != 11 || w.Block != "location = /finesse/api/SystemInfo" {
				t.Errorf("the way is at %s:%d, %s", w.Location.Artifact, w.Location.Line, w.Block)
			}
			if w.Subject != "edge/rp-a/server/desk-a.agents.example:8445" || strings.Join(w.Methods, " ") != "GET OPTIONS" {
				t.Errorf("subject %s, methods %v", w.Subject, w.Methods)
			}
			if w.Request != "GET /finesse/api/SystemInfo HTTP/1.1" {
				t.Errorf("request %q", w.Request)
			}
		}
	}
	if !naked {
		t.Error("the path that wants credentials is not shown without a guard")
	}
	if len(e.Undecided) == 0 || e.Proved || e.Exact == e.Directives {
		t.Fatalf("a script that is in no dump is taken for known: %+v", e.Undecided)
	}
	if u := e.Undecided[0]; u.Source.Line != 10 || !strings.Contains(u.Reason, "is in no dump") || u.Subject != "edge/rp-a/server/desk-a.agents.example:8445" {
		t.Errorf("undecided: %+v", u)
	}
}

func TestWhatAProofRestsOnLeavesItOpenWhereItIsMissing(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"nginx":               {"site.yaml": surfaceSite},
		"directive":           {"site.yaml": gateSite, "nginx-T.txt": strings.Replace(gateDump, "server_name", "\"server_name", 1)},
		"the bundle lacks":    {"site.yaml": gateSite, "nginx-T.txt": gateDump},
		"nothing but streams": {"site.yaml": gateSite, "nginx-T.txt": gateDump[:len(gateDump)-1] + "stream { server { listen 9000; proxy_pass fin-a.corp.example:22; } }\n\n"},
	} {
		b, err := collectSite(t, files)
		if err != nil {
			t.Fatal(err)
		}
		if name == "the bundle lacks" {
			b.Document.Site.Surface = "paths.yaml"
		}
		if _, gaps := derive(t, b, nil); len(gaps) == 0 {
			t.Errorf("%s: no gap tells that the proof is open", name)
		}
	}
}

func TestAKeptProofIsTakenForTheSameConfigurationOnly(t *testing.T) {
	var proofs audit.Proofs
	count := func(dump string) int {
		b, err := collectSite(t, map[string]string{"site.yaml": gateSite, "nginx-T.txt": dump})
		if err != nil {
			t.Fatal(err)
		}
		derived, _ := derive(t, b, &proofs)
		return len(derived.Exposure[0].Ways)
	}
	first := count(gateDump)
	if again := count(gateDump); again != first {
		t.Errorf("%d ways became %d", first, again)
	}
	if closed := count(strings.ReplaceAll(gateDump, "proxy_pass http://fin-a.corp.example:8445;", "return 403;")); closed != 0 {
		t.Errorf("a configuration that forwards nothing has %d ways", closed)
	}
}
