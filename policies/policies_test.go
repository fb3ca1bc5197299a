// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// leastCoverage is the share of a rule's lines that its tests must run, in percent.
const leastCoverage = 95

// builtIn are the rules, compiled once for all tests.
var builtIn = sync.OnceValues(func() (*policy.Set, error) { return policy.Load(policies.FS, nil) })

// TestEveryRegoTestPasses runs the tests that stand beside the rules, domain by
// domain, and wants them to run nearly every line of each rule.
func TestEveryRegoTestPasses(t *testing.T) {
	domains, err := fs.Glob(policies.FS, "*/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range domains {
		domains[i] = path.Dir(file)
	}
	for _, domain := range slices.Compact(domains) {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			runDomain(t, domain)
		})
	}
}

func runDomain(t *testing.T, domain string) {
	modules := map[string]*ast.Module{}
	for _, folder := range [...]string{"lib", domain} {
		files, err := fs.Glob(policies.FS, folder+"/*.rego")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := fs.ReadFile(policies.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			if modules[name], err = ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	lines := cover.New()
	results, err := tester.NewRunner().SetCompiler(ast.NewCompiler().WithStrict(true)).SetStore(inmem.New()).SetModules(modules).
		CapturePrintOutput(true).SetTimeout(20*time.Second).SetCoverageQueryTracer(lines).RunTests(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for r := range results {
		ran++
		if r.Error != nil || r.Fail || r.Skip {
			t.Errorf("%s: %s.%s did not pass: error %v\n%s", r.Location, r.Package, r.Name, r.Error, r.Output)
		}
	}
	if ran == 0 && domain != "lib" {
		t.Error("no Rego test ran")
	}
	t.Logf("%d Rego tests", ran)
	if t.Failed() {
		return
	}
	for file, report := range lines.Report(modules).Files {
		if path.Dir(file) != domain || strings.HasSuffix(file, "_test.rego") || domain == "lib" || report.Coverage >= leastCoverage {
			continue
		}
		var missed []string
		for _, r := range report.NotCovered {
			missed = append(missed, fmt.Sprintf("%d-%d", r.Start.Row, r.End.Row))
		}
		t.Errorf("%s: its tests run %.0f%% of its lines, less than %d%%; not %s", file, report.Coverage, leastCoverage, strings.Join(missed, ", "))
	}
}

// TestEveryRuleHasAFiringAndASilentTest keeps a rule from being added untried.
func TestEveryRuleHasAFiringAndASilentTest(t *testing.T) {
	set, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		text, err := fs.ReadFile(policies.FS, r.ID+"_test.rego")
		if err != nil {
			t.Errorf("%s: no test beside it: %v", r.ID, err)
			continue
		}
		for _, prefix := range [...]string{"\ntest_fires_", "\ntest_silent_"} {
			if !strings.Contains(string(text), prefix) {
				t.Errorf("%s_test.rego: no test is called %s...", r.ID, strings.TrimSpace(prefix))
			}
		}
		if len(r.Needs) == 0 && len(r.Controls) > 0 && !strings.HasPrefix(r.ID, "site/") {
			t.Errorf("%s reads no section of the evidence", r.ID)
		}
	}
}

// TestEveryControlThatARuleNamesExists guards the catalogue.
func TestEveryControlThatARuleNamesExists(t *testing.T) {
	set, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := policy.RequireControls(set.Rules(), controls); err != nil {
		t.Error(err)
	}
}

// TestEveryProfileDecodes reads each base profile, with all overlays on it, strictly.
func TestEveryProfileDecodes(t *testing.T) {
	names := policy.ProfileNames(policies.FS)
	if len(names) == 0 {
		t.Fatal("there is no profile")
	}
	overlays := policy.OverlayNames(policies.FS)
	if len(overlays) == 0 {
		t.Fatal("there is no overlay")
	}
	for _, name := range names {
		if _, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name, Overlays: overlays}); err != nil {
			t.Error(err)
		}
	}
}
