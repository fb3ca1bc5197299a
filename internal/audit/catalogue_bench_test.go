// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/policies"
)

// centre is the evidence of a site with 2 edges and 20 nodes: what real files of one
// edge and five nodes give, under other names.
func centre(tb testing.TB) *evidence.Bundle {
	tb.Helper()
	file, err := site.Load("../../fixtures/clean/one-edge/site.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	one, err := audit.Collect(tb.Context(), file, audit.CollectOptions{Offline: true})
	if err != nil {
		tb.Fatal(err)
	}
	many := doubled(tb, doubled(tb, one, 1), 2)
	doc := many.Document
	kept := map[string]bool{}
	for _, e := range doc.Site.Edges[:2] {
		kept[e.Subject] = true
	}
	doc.Site.Edges = doc.Site.Edges[:2]
	doc.Sections = without(doc.Sections, func(target string) bool { return strings.HasPrefix(target, "edge/") && !kept[target] })
	bundle, err := evidence.NewBundle(doc, many.SiteFile, many.Archive)
	if err != nil {
		tb.Fatal(err)
	}
	return bundle
}

// BenchmarkTheFullCatalogue loads all rules and decides a site of 2 edges and 20
// nodes, in turns with "opa eval" on the same modules and the same input. It fails
// when OPA is quicker: what Postern adds to it, the type-checked needs, gaps and
// verdicts, must cost less than what it leaves out.
func BenchmarkTheFullCatalogue(b *testing.B) {
	opa, err := filepath.Abs(filepath.Join("..", "..", ".bin", "opa"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(opa); err != nil {
		b.Skip(".bin/opa is not there: make bench builds it")
	}
	bundle, dir := centre(b), b.TempDir()
	profile, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: "finesse-12.6.1"})
	if err != nil {
		b.Fatal(err)
	}
	in := evidence.Input{Document: bundle.Document, Profile: profile}
	input, rules := filepath.Join(dir, "input.json"), filepath.Join(dir, "rules")
	text, err := evidence.Encode(in)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(input, text, 0o600); err != nil {
		b.Fatal(err)
	}
	exportRules(b, rules)

	var load, decide, theirs time.Duration
	var before, after runtime.MemStats
	var allocated, bytesAllocated uint64
	turns, count := 0, 0
	for b.Loop() {
		start := time.Now()
		set, err := policy.Load(policies.FS, nil)
		if err != nil {
			b.Fatal(err)
		}
		load, start = load+time.Since(start), time.Now()
		runtime.ReadMemStats(&before)
		if _, err := set.Decide(b.Context(), in, policy.Options{Limits: policy.Limits{Together: 5 * time.Minute}}); err != nil {
			b.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		decide += time.Since(start)
		allocated, bytesAllocated = allocated+after.Mallocs-before.Mallocs, bytesAllocated+after.TotalAlloc-before.TotalAlloc
		count = len(set.Rules())
		theirs += evalWithOPA(b, opa, rules, input)
		turns++
	}
	per := func(total uint64) float64 { return float64(total) / float64(turns) }
	ratio := float64(load+decide) / float64(theirs)
	b.ReportMetric(float64(count), "rules")
	b.ReportMetric(float64(facts(bundle)), "facts")
	b.ReportMetric(float64(load.Milliseconds())/float64(turns), "load-ms")
	b.ReportMetric(float64(decide.Milliseconds())/float64(turns), "decide-ms")
	b.ReportMetric(float64(theirs.Milliseconds())/float64(turns), "opa-ms")
	b.ReportMetric(per(allocated), "decide-allocs")
	b.ReportMetric(per(bytesAllocated)/(1<<20), "decide-MiB")
	b.ReportMetric(ratio, "x-opa")
	if turns >= 3 && ratio >= 1 {
		b.Errorf("loading and deciding takes %.2f times as long as opa eval", ratio)
	}
}

// evalWithOPA runs opa eval on modules and an input, and says how long it took.
func evalWithOPA(b *testing.B, opa, rules, input string) time.Duration {
	b.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(opa, "eval", "--format", "json", "--data", rules, "--input", input, "data.policies")
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("opa eval: %v\n%s", err, stderr.String())
	}
	return time.Since(start)
}

// exportRules writes the built-in rules, without their tests, into a folder.
func exportRules(b *testing.B, to string) {
	b.Helper()
	files, err := fs.Glob(policies.FS, "*/*.rego")
	if err != nil {
		b.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.rego") })
	for _, name := range files {
		text, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			b.Fatal(err)
		}
		file := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
