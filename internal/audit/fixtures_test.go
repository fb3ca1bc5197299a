// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
)

var clock = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// builtIn are the rules that Postern brings, compiled once for all tests.
var builtIn = sync.OnceValues(func() (*audit.Policies, error) { return audit.LoadPolicies(nil) })

// judge collects a site with the real collectors and judges it by all rules.
func judge(t *testing.T, siteFile string, o audit.CollectOptions) (*evidence.Bundle, *report.Result) {
	t.Helper()
	file, err := site.Load(siteFile)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := audit.Collect(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	result, err := audit.Judge(t.Context(), bundle, rules, audit.JudgeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return bundle, result
}

func offline() audit.CollectOptions {
	return audit.CollectOptions{Offline: true, Now: func() time.Time { return clock }}
}

// places lists rule and first place of every finding.
func places(r *report.Result) []string {
	set := map[string]bool{}
	for _, v := range r.Verdicts {
		for _, f := range v.Findings {
			set[fmt.Sprintf("%s %s:%d", v.Rule, f.Sources[0].Artifact, f.Sources[0].Line)] = true
		}
	}
	var out []string
	for p := range set {
		out = append(out, p)
	}
	sort.Strings(out)
	return out
}

func sites(t *testing.T, kind string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("..", "..", "fixtures", kind, "*", "site.yaml"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no site in fixtures/%s: %v", kind, err)
	}
	return found
}

// TestRealNginxServesACleanFixture starts Debian's nginx with the tree of a
// fixture and audits both the files and the live listeners.
func TestRealNginxServesACleanFixture(t *testing.T) {
	nginx := lab.FindNginx()
	if nginx == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("nginx is not installed")
		}
		t.Skip("nginx is not installed")
	}
	centre, err := lab.Start(t.Context(), t.TempDir(), lab.Options{Nginx: nginx, Site: os.DirFS("../../fixtures/clean/one-edge")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := centre.Close(); err != nil {
			t.Error(err)
		}
	}()
	bundle, result := judge(t, centre.SiteFile, audit.CollectOptions{Rate: 0, Vantage: evidence.VantageInternet})
	if got := places(result); len(got) > 0 {
		t.Errorf("findings:\n%s", strings.Join(got, "\n"))
	}
	for _, v := range result.Verdicts {
		if v.Outcome == finding.Unknown {
			t.Errorf("%s of %s is not known: %s", v.Rule, v.Subject, v.Reason)
		}
	}
	live := map[string]bool{}
	for _, l := range bundle.Document.TLSPosture {
		live[l.Subject] = true
	}
	for _, subject := range []string{"edge/rp-a/listener/desk-a.agents.example:8445", "edge/rp-a/listener/desk-b.agents.example:8445", "node/ids-a/listener/ids-a.corp.example:8553"} {
		if !live[subject] {
			t.Errorf("%s was not observed", subject)
		}
	}
}

func TestTheSameFilesGiveTheSameBundle(t *testing.T) {
	first, _ := judge(t, sites(t, "wrong")[0], offline())
	if again, _ := judge(t, sites(t, "wrong")[0], offline()); again.Digest != first.Digest {
		t.Errorf("digest %s became %s", first.Digest, again.Digest)
	}
}
