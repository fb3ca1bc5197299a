// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/policies"
)

// exposures proves the edges of a site from its bundle.
func exposures(t *testing.T, siteFile string) ([]evidence.Exposure, []evidence.Gap) {
	t.Helper()
	file, err := site.Load(siteFile)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := audit.Collect(t.Context(), file, offline())
	if err != nil {
		t.Fatal(err)
	}
	profile, err := policy.LoadProfile(policies.FS, bundle.Document.Site.Profile)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	derived, gaps := audit.Derive(bundle, &bundle.Document, &profile)
	t.Logf("%s: %v", siteFile, time.Since(start))
	return derived.Exposure, gaps
}

func TestShow(t *testing.T) {
	kind := os.Getenv("SHOW")
	if kind == "" {
		t.Skip()
	}
	for _, s := range sites(t, kind) {
		if only := os.Getenv("SITE"); only != "" && !strings.Contains(s, "/"+only+"/") {
			continue
		}
		all, gaps := exposures(t, s)
		for _, g := range gaps {
			t.Logf("gap %s %s", g.Subject, g.Reason)
		}
		for _, e := range all {
			bad := 0
			for _, w := range e.Ways {
				if w.Class != "allowed" || w.Unnamed || w.Credentials && !w.Authenticated {
					bad++
				}
			}
			t.Logf("=== %s proved %v, %d of %d, %d ways (%d bad), %d escapes, %d undecided, %d unreachable", e.Target, e.Proved, e.Exact, e.Directives, len(e.Ways), bad, len(e.Escapes), len(e.Undecided), len(e.Unreachable))
			if os.Getenv("DETAIL") == "" {
				continue
			}
			for _, w := range e.Ways {
				if os.Getenv("DETAIL") == "all" || w.Class != "allowed" || w.Unnamed || w.Credentials && !w.Authenticated {
					t.Logf("  %-9s unnamed=%v naked=%v %s:%d %s %s <%s> -> %s sent %s %v %v", w.Class, w.Unnamed, w.Credentials && !w.Authenticated, w.Location.Artifact[strings.LastIndex(w.Location.Artifact, "/")+1:], w.Location.Line, w.Component, w.Template, w.Request, w.Upstream, w.Sent, w.Headers, w.Suppose)
				}
			}
			for _, w := range e.Escapes {
				t.Logf("  ESCAPE %s:%d <%s> file %s", w.Location.Artifact, w.Location.Line, w.Request, w.File)
			}
			for _, u := range e.Undecided {
				t.Logf("  UNDECIDED %s %s:%d %s <%s>", u.Subject, u.Source.Artifact, u.Source.Line, u.Reason, u.Request)
			}
		}
	}
}
