// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
)

// edges are the ways to run the demo.
func edges(t *testing.T) map[string]string {
	t.Helper()
	ways := map[string]string{"the reference proxy": ""}
	if nginx := lab.FindNginx(); nginx != "" {
		ways["nginx"] = nginx
	} else if os.Getenv("CI") == "true" {
		t.Error("nginx is not installed")
	} else {
		t.Log("nginx is not installed: the demo runs with the reference proxy only")
	}
	return ways
}

// demo runs the demo in a new folder and returns the folder, its bundle, and all
// that was said.
func demo(t *testing.T, options lab.Options, want error) (dir string, b *evidence.Bundle, said string) {
	t.Helper()
	dir = t.TempDir()
	var out, talk bytes.Buffer
	s := Streams{Out: &out, Err: &talk, Env: func(string) string { return "" }}
	if err := runDemo(t.Context(), s, dir, options, &outputFlags{format: "table"}); err != want {
		t.Fatalf("%v, want %v\n%s", err, want, talk.String())
	}
	data, err := os.ReadFile(filepath.Join(dir, "bundle.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = evidence.ReadBundle(data); err != nil {
		t.Fatal(err)
	}
	return dir, b, out.String() + talk.String()
}

// What remains open at the clean demo, and why. There is nothing: each input is
// there and each listener answers.
var openAtTheCleanDemo = []string{}

func TestTheCleanDemoIsWholeAndWellConfiguredAndTellsNoSecret(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the demo")
	}
	for name, nginx := range edges(t) {
		t.Run("with "+name, func(t *testing.T) {
			t.Parallel()
			dir, b, said := demo(t, lab.Options{Nginx: nginx}, nil)
			whole(t, b)
			askedHTTP(t, b)
			askedByPages(t, b)
			silent(t, dir, said)
			// The secret that gate and identity service share came over SSH, and only
			// its digest is kept.
			for _, n := range b.Document.VOS {
				if n.Target == "node/ids-a" && (!n.IDSSecret.Known || n.IDSSecret.SHA256 == "") {
					t.Error("the secret of the identity service was not seen")
				}
			}
		})
	}
}

// whole demands a record of every section, and no gap.
func whole(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	for _, section := range evidence.SectionNames() {
		if b.Document.Records(section) == 0 {
			t.Errorf("section %s has no record", section)
		}
	}
	open := map[string]bool{}
	for _, o := range openAtTheCleanDemo {
		open[o] = true
	}
	for _, g := range b.Document.Gaps {
		if !open[g.Section+" "+g.Subject] {
			t.Errorf("gap in %s of %s: %s", g.Section, g.Subject, g.Reason)
		}
	}
}

// askedHTTP and askedByPages look at live facts that no rule judges so far, so
// that a rule to come finds a clean site.
func askedHTTP(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	for _, l := range b.Document.HTTP {
		strict := false
		for _, r := range l.Requests {
			strict = strict || r.Headers.HSTS.Valid && r.Headers.HSTS.MaxAgeSeconds >= 15768000
			let := r.Outcome == evidence.HTTPAnswered && r.DeniedKnown && !r.Denied && r.Status != 401
			// What the listener does with its own page by another method is no secret.
			front := r.Name == evidence.RequestPage || r.Name == evidence.RequestHead || r.Name == evidence.RequestOptions
			switch {
			case r.StockPage || r.StockError || r.Headers.ServerVersion || len(r.InternalNames) > 0:
				t.Errorf("%s tells what it is made of: %s %s", l.Subject, r.Name, r.Path)
			case let && !front:
				t.Errorf("%s lets %s %s through with %d", l.Subject, r.Name, r.Path, r.Status)
			}
		}
		if !strict {
			t.Errorf("%s sends no Strict-Transport-Security", l.Subject)
		}
	}
}

func askedByPages(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	allowed, embedded := 0, 0
	for _, l := range b.Document.CORSLive {
		for _, a := range l.Answers {
			allows := a.BrowserAllows.Value || a.BrowserAllowsAnonymous.Value
			if allows {
				allowed++
			}
			if allows && a.OriginKind != evidence.OriginDeclared {
				t.Errorf("%s lets %s read", l.Subject, a.Origin)
			}
		}
	}
	for _, l := range b.Document.FramingLive {
		for _, p := range l.Pages {
			if !p.HTML {
				continue
			}
			embedded++
			for _, e := range p.Embedders {
				if e.MayEmbed != (e.Kind == evidence.EmbedderSelf || e.Kind == evidence.EmbedderIntegration) {
					t.Errorf("%s%s may be embedded by %s: %v", l.Subject, p.Path, e.Origin, e.MayEmbed)
				}
			}
		}
	}
	if allowed < 4 || embedded < 4 {
		t.Errorf("%d origins are allowed and %d pages were seen", allowed, embedded)
	}
}

// silent looks for what lets the audit into the nodes in all outputs.
func silent(t *testing.T, dir, said string) {
	t.Helper()
	secrets := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "site"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(name)) != "ssh" {
			return err
		}
		text, err := os.ReadFile(name)
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "-----") {
				secrets[line] = name
			}
		}
		return err
	})
	if err != nil || len(secrets) < 4 {
		t.Fatalf("%d lines of secrets: %v", len(secrets), err)
	}
	outputs := map[string]string{"what is printed": said}
	for _, name := range []string{"bundle.zip", "result.json", "postern.sarif"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		outputs[name] = string(text)
	}
	for secret, file := range secrets {
		for name, text := range outputs {
			if strings.Contains(text, secret) {
				t.Errorf("a line of %s stands in %s", file, name)
			}
		}
	}
}

func TestAFaultOverSSHIsFoundByTheLineThatHoldsIt(t *testing.T) {
	planted := lab.Planted{Fault: lab.Fault{Name: "f", Rule: "r", File: "captured/n/cli.txt", Needle: "is disabled"}}
	at := func(artifact string, line int, excerpt string) []finding.Verdict {
		return []finding.Verdict{{Rule: "r", Outcome: finding.Fail, Findings: []finding.Finding{{
			Sources: []finding.Source{{Artifact: artifact, Line: line, Excerpt: excerpt}},
		}}}}
	}
	for _, c := range []struct {
		name     string
		verdicts []finding.Verdict
		want     bool
	}{
		{"in the middle", at("captured/n/cli.txt", 40, "a\nb\nc\nit is disabled\ne\nf\ng"), true},
		{"at the beginning", at("captured/n/cli.txt", 2, "a\nit is disabled\nc\nd"), true},
		{"in a line beside it", at("captured/n/cli.txt", 40, "a\nb\nit is disabled\nd\ne"), false},
		{"in another file", at("captured/m/cli.txt", 40, "a\nb\nc\nit is disabled"), false},
		{"without an excerpt", at("captured/n/cli.txt", 40, ""), false},
		{"without a line", at("captured/n/cli.txt", 0, "it is disabled"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := foundAt(planted, c.verdicts); got != c.want {
				t.Errorf("found: %v", got)
			}
			if missed := missedFaults([]lab.Planted{planted}, c.verdicts); (len(missed) == 0) != c.want {
				t.Errorf("missed: %q", missed)
			}
		})
	}
}
