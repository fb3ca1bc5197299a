// SPDX-License-Identifier: Apache-2.0

package mutation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/report"
)

func TestEveryWrongSiteShowsExactlyWhatIsWrong(t *testing.T) {
	b := newBench(t)
	for _, siteFile := range siteFiles(t, "wrong") {
		t.Run(filepath.Base(filepath.Dir(siteFile)), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(filepath.Dir(siteFile), "expected.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var expected []struct{ Rule, Place string }
			if err := yaml.Unmarshal(text, &expected); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, e := range expected {
				want = append(want, e.Rule+" "+e.Place)
			}
			sort.Strings(want)
			result, err := b.judgeSite(t.Context(), siteFile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, places(result)); diff != "" {
				t.Error(diff)
			}
		})
	}
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
