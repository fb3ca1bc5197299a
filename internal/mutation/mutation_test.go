// SPDX-License-Identifier: Apache-2.0

package mutation_test

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/mutation"
	"github.com/postern-audit/postern/internal/report"
)

// leastMutations is how many defects the rules are measured by.
const leastMutations = 200

func mutations(t *testing.T) []mutation.Mutation {
	t.Helper()
	tree := os.DirFS(fixtures)
	files, err := fs.Glob(tree, "mutations/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no mutations: %v", err)
	}
	var all []mutation.Mutation
	for _, file := range files {
		list, err := mutation.Load(tree, file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

// tally counts what all mutations showed.
type tally struct {
	mu                         sync.Mutex
	total, found, clean, tools int
	// fired and passed are the rules that did so somewhere.
	fired, passed map[string]bool
}

func (c *tally) note(results ...*report.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range results {
		for _, v := range r.Verdicts {
			switch v.Outcome {
			case finding.Fail:
				c.fired[v.Rule] = true
			case finding.Pass:
				c.passed[v.Rule] = true
			}
		}
	}
}

// share is the part of all mutations that an ordinary test run plants: one in so
// many, the same ones every time. "make mutate" plants all of them.
const share = 32

// planted reports whether a run plants a mutation: MUTATIONS is "all", a part of a
// file's name, or empty.
func planted(m mutation.Mutation, only string) bool {
	switch only {
	case "all":
		return true
	case "":
		h := fnv.New32a()
		h.Write([]byte(m.Name))
		return h.Sum32()%share == 0
	}
	return strings.Contains(m.File, only)
}

// TestMain gives the collector of garbage less to do: many documents live shortly.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// TestEveryDefectIsFoundAndNothingElse plants mutations. When it plants all of them
// it asks at the end that every rule passed on some clean site and fired on some
// wrong one.
func TestEveryDefectIsFoundAndNothingElse(t *testing.T) {
	b := newBench(t)
	count := &tally{fired: map[string]bool{}, passed: map[string]bool{}}
	before := b.cleanSites(t, count)
	all := mutations(t)
	only := os.Getenv("MUTATIONS")
	t.Run("mutations", func(t *testing.T) {
		for _, m := range all {
			if !planted(m, only) {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(m.File), ".yaml")+"/"+m.Name, func(t *testing.T) {
				t.Parallel()
				b.measure(t, m, before, count)
			})
		}
	})
	t.Logf("%d mutations, %d of them edits of what a tool printed: %d found where they are (recall %.1f %%), %d without an unexplained finding",
		count.total, count.tools, count.found, 100*float64(count.found)/float64(max(count.total, 1)), count.clean)
	if only != "all" {
		return
	}
	b.wrongSites(t, count)
	for _, r := range b.policies.Set.Rules() {
		if !count.passed[r.ID] {
			t.Errorf("%s passes on no clean site", r.ID)
		}
		if !count.fired[r.ID] {
			t.Errorf("%s fires on no wrong one", r.ID)
		}
	}
}

// measure plants one mutation and compares.
func (b *bench) measure(t *testing.T, m mutation.Mutation, before map[string]*report.Result, count *tally) {
	where := fmt.Sprintf("%s:%d", m.File, m.Line)
	clean, ok := before[m.Site]
	if !ok {
		t.Fatalf("%s: no clean site is called %s", where, m.Site)
	}
	rule, ok := clean.Rule(m.Rule)
	if !ok {
		t.Fatalf("%s: no rule is called %s", where, m.Rule)
	}
	for _, c := range m.Controls {
		if !slices.Contains(rule.Controls, c) {
			t.Errorf("%s: %s does not decide control %s", where, m.Rule, c)
		}
	}
	for _, id := range m.Also {
		if _, ok := clean.Rule(id); !ok {
			t.Errorf("%s: no rule is called %s", where, id)
		}
	}
	after, err := b.judge(t, m)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	count.note(after)
	shown := assess(m, clean, after)
	if shown.missed != "" {
		t.Errorf("%s: %s", where, shown.missed)
	}
	for _, h := range shown.extra {
		t.Errorf("%s: unexplained: %s", where, h)
	}
	for _, id := range shown.silent {
		t.Errorf("%s: %s is named as a consequence and did not fire", where, id)
	}
	twoSources(t, where, after)
	count.mu.Lock()
	defer count.mu.Unlock()
	count.total++
	if m.FromTool() {
		count.tools++
	}
	if shown.missed == "" {
		count.found++
	}
	if len(shown.extra) == 0 {
		count.clean++
	}
}

// twoSources holds what decides a cross-artifact control to naming both sides.
func twoSources(t *testing.T, where string, r *report.Result) {
	t.Helper()
	for _, v := range r.Verdicts {
		if !slices.ContainsFunc(v.Controls, func(c string) bool { return strings.HasPrefix(c, "XC-") }) {
			continue
		}
		for _, f := range v.Findings {
			if len(f.Sources) < 2 {
				t.Errorf("%s: %s of %s names %d source: a comparison has two sides", where, v.Rule, v.Subject, len(f.Sources))
			}
		}
	}
}

// cleanSites judges every clean site as it is.
func (b *bench) cleanSites(t *testing.T, count *tally) map[string]*report.Result {
	t.Helper()
	before := map[string]*report.Result{}
	for _, file := range siteFiles(t, "clean") {
		r, err := b.judgeSite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		before[filepath.Base(filepath.Dir(file))] = r
		count.note(r)
	}
	demo, err := b.demo()
	if err != nil {
		t.Fatal(err)
	}
	if before[mutation.Demo], err = auditJudge(t, demo, b); err != nil {
		t.Fatal(err)
	}
	count.note(before[mutation.Demo])
	for _, name := range sortedKeys(before) {
		for _, h := range hits(before[name]) {
			t.Errorf("the clean site %s is not: %s", name, h)
		}
		for _, v := range before[name].Verdicts {
			if v.Outcome == finding.Unknown {
				t.Errorf("the clean site %s: %s of %s is not known: %s", name, v.Rule, v.Subject, v.Reason)
			}
		}
	}
	return before
}

// wrongSites judges the sites with many faults, and the lab with its planted ones.
func (b *bench) wrongSites(t *testing.T, count *tally) {
	t.Helper()
	for _, file := range siteFiles(t, "wrong") {
		r, err := b.judgeSite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		twoSources(t, file, r)
		count.note(r)
	}
	bundle, _, err := collectLab(t.Context(), t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	r, err := auditJudge(t, bundle, b)
	if err != nil {
		t.Fatal(err)
	}
	count.note(r)
}

func siteFiles(t *testing.T, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtures, kind, "*", "site.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no site in fixtures/%s: %v", kind, err)
	}
	return files
}

func sortedKeys(m map[string]*report.Result) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// TestThereIsAMutationOrAPlantedFaultForEveryRule looks at the data only.
func TestThereIsAMutationOrAPlantedFaultForEveryRule(t *testing.T) {
	all := mutations(t)
	tools := 0
	named := map[string]bool{}
	for _, m := range all {
		named[m.Rule] = true
		if m.FromTool() {
			tools++
		}
	}
	if len(all) < leastMutations || tools*3 < len(all) {
		t.Errorf("%d mutations, %d of them edits of tool output: want %d, a third of them of tools", len(all), tools, leastMutations)
	}
	for _, f := range lab.Faults() {
		named[f.Rule] = true
	}
	for _, file := range siteFiles(t, "wrong") {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), "expected.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var expected []struct{ Rule string }
		if err := yaml.Unmarshal(text, &expected); err != nil {
			t.Fatal(err)
		}
		for _, e := range expected {
			named[e.Rule] = true
		}
	}
	p, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Set.Rules() {
		if !named[r.ID] {
			t.Errorf("%s: no mutation, planted fault or wrong site shows what it finds", r.ID)
		}
	}
}

func TestAnEditThatDoesNotFitIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"- {name: a, site: s, rule: r, place: p, controls: [X], edits: [{file: f}]}":                                        "say one of",
		"- {name: a, site: s, rule: r, place: p, controls: [X], edits: [{file: f, delete: x, evidence: y}]}":                "names one of",
		"- {name: a, site: s, rule: r, place: p, controls: [X], edits: [{file: f, after: x}]}":                              "insert is missing",
		"- {name: a, site: demo, rule: r, place: p, controls: [X], edits: [{file: f, delete: x}]}":                          "site demo only",
		"- {name: a, site: s, rule: r, place: p, edits: [{file: f, delete: x}]}":                                            "controls are missing",
		"- {name: a, site: s, rule: r, place: p, controls: [X], edits: [{file: f, delet: x}]}":                              "not found in type",
		"- &m {name: a, site: s, rule: r, place: p, controls: [X], edits: [{file: f, delete: x}]}\n- *m":                    "stands twice",
		"- {name: a, site: s, rule: r, place: p, controls: [X], edits: [{certificate: f, replace: x, with: y}]}":            "made anew",
		"- {name: a, site: demo, rule: r, place: p, controls: [X], edits: [{evidence: 'http[0].x', remove: true, set: 1}]}": "say one of",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "m.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := mutation.Load(os.DirFS(dir), "m.yaml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got error %v, want one with %q", text, err, want)
		}
	}
}

func TestAFactIsFoundByItsSubject(t *testing.T) {
	document := []byte(`{"http":[{"subject":"edge/a/listener/[::1]:443","requests":[{"path":"/x","status":404}]},{"subject":"b","requests":[]}]}`)
	var set, added yaml.Node
	set.SetString("ok")
	for path, want := range map[string]string{
		"http[edge/a/listener/[::1]:443].requests[0].status": `{"http":[{"requests":[{"path":"/x","status":"ok"}],"subject":"edge/a/listener/[::1]:443"},{"requests":[],"subject":"b"}]}`,
		"http[edge/a/listener/[::1]:443].requests[/x].path":  `{"http":[{"requests":[{"path":"ok","status":404}],"subject":"edge/a/listener/[::1]:443"},{"requests":[],"subject":"b"}]}`,
		"http[b].subject": `{"http":[{"requests":[{"path":"/x","status":404}],"subject":"edge/a/listener/[::1]:443"},{"requests":[],"subject":"ok"}]}`,
	} {
		e := mutation.Edit{Evidence: path, Set: set, Append: added}
		got, err := e.ApplyEvidence(document)
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
	for _, path := range []string{"http[c].subject", "http[0].nothing", "http.subject", "http[0"} {
		e := mutation.Edit{Evidence: path, Set: set}
		if got, err := e.ApplyEvidence(document); err == nil {
			t.Errorf("%s: changed to %s", path, got)
		}
	}
}
