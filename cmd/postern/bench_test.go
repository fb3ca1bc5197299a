// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// BenchmarkAuditOfASavedBundle measures the whole program, cold, from a saved
// bundle to the JSON result, beside "opa eval" on the same rules and the same
// input. The two run in turns, so that what else the machine does meets both.
// x-opa is how many times as long as OPA the program takes.
func BenchmarkAuditOfASavedBundle(b *testing.B) {
	opa, err := filepath.Abs(filepath.Join("..", "..", ".bin", "opa"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(opa); err != nil {
		b.Skip(".bin/opa is not there: make bench builds it")
	}
	program, dir := build(b), b.TempDir()
	centre := filepath.Join(dir, "centre")
	run(b, []int{0, 1, 2}, program, "demo", "--no-nginx", "--quiet", "--keep", centre)
	bundle := filepath.Join(centre, "bundle.zip")
	input, rules := filepath.Join(dir, "input.json"), filepath.Join(dir, "rules")
	exportInput(b, bundle, input)
	exportRules(b, rules)

	var ours, theirs time.Duration
	turns := 0
	for b.Loop() {
		ours += run(b, []int{0, 1, 3}, program, "audit", bundle, "--format", "json")
		theirs += run(b, []int{0}, opa, "eval", "--format", "json", "--data", rules, "--input", input, "data.policies")
		turns++
	}
	b.ReportMetric(float64(ours.Nanoseconds())/float64(turns), "ns/op")
	b.ReportMetric(float64(theirs.Nanoseconds())/float64(turns), "opa-ns/op")
	b.ReportMetric(float64(ours)/float64(theirs), "x-opa")
}

// run executes a program, drops what it prints, and returns how long it took.
func run(b *testing.B, statuses []int, program string, args ...string) time.Duration {
	b.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		b.Fatal(err)
	}
	for _, s := range statuses {
		if cmd.ProcessState.ExitCode() == s {
			return took
		}
	}
	b.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, stderr.String())
	return 0
}

// exportInput writes what the rules read when a bundle is judged.
func exportInput(b *testing.B, bundle, to string) {
	b.Helper()
	data, err := os.ReadFile(bundle)
	if err != nil {
		b.Fatal(err)
	}
	read, err := evidence.ReadBundle(data)
	if err != nil {
		b.Fatal(err)
	}
	profile, err := policy.LoadProfile(policies.FS, read.Document.Site.Profile)
	if err != nil {
		b.Fatal(err)
	}
	text, err := evidence.Encode(evidence.Input{Document: read.Document, Profile: profile})
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		b.Fatal(err)
	}
}

// exportRules writes the built-in rules, without their tests, into a folder.
func exportRules(b *testing.B, to string) {
	b.Helper()
	err := fs.WalkDir(policies.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, "_test.rego") {
			return err
		}
		text, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			return err
		}
		file := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		return os.WriteFile(file, text, 0o600)
	})
	if err != nil {
		b.Fatal(err)
	}
}
