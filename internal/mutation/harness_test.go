// SPDX-License-Identifier: Apache-2.0

package mutation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/mutation"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
)

// judgedAt is the instant that fixtures are judged at.
var judgedAt = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const fixtures = "../../fixtures"

// builtIn are the rules that Postern brings, compiled once for all tests.
var builtIn = sync.OnceValues(func() (*audit.Policies, error) { return audit.LoadPolicies(nil) })

// bench judges sites and mutations of them.
type bench struct {
	policies  *audit.Policies
	authority string
	// demo is the evidence of the clean lab, as JSON, taken once.
	// proofs are those of the sites, most of which a mutation leaves as they are.
	proofs       audit.Proofs
	demo         func() (*evidence.Bundle, error)
	demoDocument func() ([]byte, error)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	p, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	authority, err := filepath.Abs(filepath.Join(fixtures, "authority"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	b := &bench{policies: p, authority: authority}
	b.demo = sync.OnceValues(func() (*evidence.Bundle, error) {
		bundle, _, err := collectLab(context.Background(), dir, false)
		return bundle, err
	})
	b.demoDocument = sync.OnceValues(func() ([]byte, error) {
		bundle, err := b.demo()
		if err != nil {
			return nil, err
		}
		return evidence.Encode(bundle.Document)
	})
	return b
}

// collectLab runs the loopback lab once and gathers its evidence, and tells which
// faults are planted in it.
func collectLab(ctx context.Context, dir string, faults bool) (*evidence.Bundle, []lab.Planted, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	dir, err := os.MkdirTemp(dir, "lab-*")
	if err != nil {
		return nil, nil, err
	}
	centre, err := lab.Start(ctx, dir, lab.Options{Nginx: lab.FindNginx(), Faults: faults})
	if err != nil {
		return nil, nil, err
	}
	defer centre.Close()
	file, err := site.Load(centre.SiteFile)
	if err != nil {
		return nil, nil, err
	}
	bundle, err := audit.Collect(ctx, file, audit.CollectOptions{Rate: 0, Vantage: evidence.VantageInternet})
	return bundle, centre.Planted, err
}

// judgeSite collects a site from its files and judges it.
func (b *bench) judgeSite(ctx context.Context, siteFile string) (*report.Result, error) {
	file, err := site.Load(siteFile)
	if err != nil {
		return nil, err
	}
	bundle, err := audit.Collect(ctx, file, audit.CollectOptions{Offline: true, Now: func() time.Time { return judgedAt }})
	if err != nil {
		return nil, err
	}
	return audit.Judge(ctx, bundle, b.policies, audit.JudgeOptions{Proofs: &b.proofs})
}

// judge plants a mutation and judges the site.
func (b *bench) judge(t *testing.T, m mutation.Mutation) (*report.Result, error) {
	t.Helper()
	if m.Site == mutation.Demo {
		document, err := b.demoDocument()
		if err != nil {
			return nil, err
		}
		for _, e := range m.Edits {
			if document, err = e.ApplyEvidence(document); err != nil {
				return nil, err
			}
		}
		bundle, err := b.demo()
		if err != nil {
			return nil, err
		}
		changed := *bundle
		changed.Document = evidence.Document{}
		dec := json.NewDecoder(bytes.NewReader(document))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&changed.Document); err != nil {
			return nil, fmt.Errorf("the edit makes no evidence: %w", err)
		}
		return audit.Judge(t.Context(), &changed, b.policies, audit.JudgeOptions{Proofs: &b.proofs})
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(fixtures, "clean", m.Site))); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, e := range m.Edits {
		if err := e.Apply(root, b.authority); err != nil {
			return nil, err
		}
	}
	return b.judgeSite(t.Context(), filepath.Join(dir, "site.yaml"))
}

// hit is a finding as the harness compares it.
type hit struct{ rule, subject, artifact, place string }

func (h hit) String() string { return h.rule + " at " + h.place + " (" + h.subject + ")" }

func hits(r *report.Result) []hit {
	var out []hit
	for _, v := range r.Verdicts {
		for _, f := range v.Findings {
			s := f.Sources[0]
			h := hit{rule: v.Rule, subject: v.Subject, artifact: s.Artifact, place: s.Artifact}
			if s.Line > 0 {
				h.place = fmt.Sprintf("%s:%d", s.Artifact, s.Line)
			}
			if !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// at reports whether a finding is at the place that a mutation names.
func (h hit) at(place string) bool {
	if subject, ok := strings.CutPrefix(place, "subject: "); ok {
		return h.subject == subject
	}
	return h.place == place || h.artifact == place
}

// assessment is what a mutation showed, next to what it says.
type assessment struct {
	// missed tells why the rule did not find the defect, and is empty where it did.
	missed string
	// extra are findings that nothing explains.
	extra []hit
	// silent are the consequences that the mutation names and nothing showed.
	silent []string
}

// assess compares what was found with what a mutation says.
func assess(m mutation.Mutation, before, after *report.Result) assessment {
	known := hits(before)
	found, elsewhere := false, []string{}
	a := assessment{silent: slices.Clone(m.Also)}
	for _, h := range hits(after) {
		switch {
		case slices.Contains(known, h):
		case h.rule == m.Rule && h.at(m.Place):
			found = true
		case h.rule == m.Rule:
			elsewhere = append(elsewhere, h.String())
		case slices.Contains(m.Also, h.rule):
			a.silent = slices.DeleteFunc(a.silent, func(id string) bool { return id == h.rule })
		default:
			a.extra = append(a.extra, h)
		}
	}
	if found {
		return a
	}
	a.missed = fmt.Sprintf("%s did not fire at %s", m.Rule, m.Place)
	for _, v := range after.Verdicts {
		if v.Rule == m.Rule && v.Outcome == finding.Unknown {
			a.missed += fmt.Sprintf("; it is unknown for %s: %s", v.Subject, v.Reason)
		}
	}
	if len(elsewhere) > 0 {
		a.missed += "; it fired: " + strings.Join(elsewhere, ", ")
	}
	return a
}

// auditJudge judges evidence that was gathered already.
func auditJudge(t *testing.T, bundle *evidence.Bundle, b *bench) (*report.Result, error) {
	t.Helper()
	return audit.Judge(t.Context(), bundle, b.policies, audit.JudgeOptions{Proofs: &b.proofs})
}
