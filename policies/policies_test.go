// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// TestEveryRegoTestPasses runs the tests that stand beside the rules.
func TestEveryRegoTestPasses(t *testing.T) {
	modules := map[string]*ast.Module{}
	err := fs.WalkDir(policies.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".rego") {
			return err
		}
		text, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			return err
		}
		m, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true})
		modules[name] = m
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	compiler := ast.NewCompiler().WithStrict(true)
	results, err := tester.NewRunner().SetCompiler(compiler).SetStore(inmem.New()).SetModules(modules).
		CapturePrintOutput(true).SetTimeout(20*time.Second).RunTests(ctx, nil)
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
	if ran == 0 {
		t.Error("no Rego test ran")
	}
	t.Logf("%d Rego tests", ran)
}

// TestEveryRuleHasAFiringAndASilentTest keeps a rule from being added untried.
func TestEveryRuleHasAFiringAndASilentTest(t *testing.T) {
	set, err := policy.Load(policies.FS, nil)
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
	set, err := policy.Load(policies.FS, nil)
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

// TestEveryProfileDecodes reads each base profile strictly.
func TestEveryProfileDecodes(t *testing.T) {
	names := policy.ProfileNames(policies.FS)
	if len(names) == 0 {
		t.Fatal("there is no profile")
	}
	for _, name := range names {
		if _, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name}); err != nil {
			t.Error(err)
		}
	}
}
