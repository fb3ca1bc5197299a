// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"compress/bzip2"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// crossplaneConfigs is the folder of configurations that crossplane is tested with.
func crossplaneConfigs(tb testing.TB) string {
	tb.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nginxinc/nginx-go-crossplane").Output()
	if err != nil {
		tb.Fatalf("the test dependency cannot be found: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "testdata", "configs")
}

// otherReading runs crossplane on one file. It is a peer and not an authority: it
// panics on some input and knows quoting less well than nginx.
func otherReading(file string) (out []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	payload, err := crossplane.Parse(file, &crossplane.ParseOptions{
		SingleFile: true, SkipDirectiveContextCheck: true, SkipDirectiveArgsCheck: true,
	})
	if err != nil {
		return nil, err
	}
	for _, e := range payload.Errors {
		err = e.Error
	}
	var visit func(list crossplane.Directives, depth int)
	visit = func(list crossplane.Directives, depth int) {
		for _, d := range list {
			args := d.Args
			if args == nil {
				args = []string{}
			}
			out = append(out, fmt.Sprintf("%*s%d %s %q", depth, "", d.Line, d.Directive, args))
			visit(d.Block, depth+1)
		}
	}
	for _, c := range payload.Config {
		visit(c.Parsed, 0)
	}
	return out, err
}

// ourReading prints a tree in the conventions of crossplane: the parentheses of
// an if are removed and escapes stay as they are written.
func ourReading(f *File) (out []string) {
	var visit func(list []*Directive, depth int)
	visit = func(list []*Directive, depth int) {
		for _, d := range list {
			args := []string{}
			for _, a := range d.Args {
				raw := a.Raw()
				if a.Quote != 0 {
					raw = raw[1 : len(raw)-1]
				}
				args = append(args, raw)
			}
			if d.Name == "if" {
				args = condition(args)
			}
			out = append(out, fmt.Sprintf("%*s%d %s %q", depth, "", d.Line, d.Name, args))
			visit(d.Block, depth+1)
		}
	}
	visit(f.Directives, 0)
	return out
}

// differencesFromCrossplane are the files that the two parsers read differently,
// with the reason why ours stays as it is.
var differencesFromCrossplane = map[string]string{
	"braces/extra-brace.conf":                              "crossplane gives up the file; we keep what stands before and after",
	"braces/missing-brace.conf":                            "as above",
	"includes-globbed/servers/locations/not-included.conf": "as above",
	"includes-regular/conf.d/bar.conf":                     "as above",
	"includes-regular/conf.d/foo.conf":                     "as above",
	"invalid-map/nginx.conf":                               "crossplane judges the meaning of a map while parsing",
	"premature-eof/nginx.conf":                             "as the first",
	"broken1/nginx.conf":                                   "a blank ends a word for nginx, also after an open ${",
	"broken1/nginx2.conf":                                  "as above",
	"if-check/nginx.conf":                                  "crossplane panics on if ()",
	"if-expr/empty-parens.conf":                            "as above",
	"if-expr/missing-closing-paren.conf":                   "crossplane keeps a parenthesis without its partner; only a convention of this comparison",
	"if-expr/missing-opening-paren.conf":                   "as above",
	"messy/nginx.conf":                                     "crossplane drops the backslash of an escaped quote, we compare the raw text",
	"missing-semicolon/broken-above.conf":                  "a directive that a brace cuts off is lost and reported; nginx refuses it",
	"missing-semicolon/broken-below.conf":                  "as above",
	"missing-semicolon-above/nginx.conf":                   "as above",
	"missing-semicolon-below/nginx.conf":                   "as above",
	"quote-behavior/nginx.conf":                            "nginx refuses text right after a closing quote",
}

// refused are the files of the corpus in which we report errors; each is meant to
// be wrong.
var refused = map[string]string{
	"braces/extra-brace.conf":                              "a brace too many",
	"braces/missing-brace.conf":                            "a brace too few",
	"includes-globbed/servers/locations/not-included.conf": "not a configuration",
	"includes-regular/conf.d/bar.conf":                     "not a configuration",
	"includes-regular/conf.d/foo.conf":                     "not a configuration",
	"missing-semicolon/broken-above.conf":                  "a missing semicolon",
	"missing-semicolon/broken-below.conf":                  "a missing semicolon",
	"missing-semicolon-above/nginx.conf":                   "a missing semicolon",
	"missing-semicolon-below/nginx.conf":                   "a missing semicolon",
	"premature-eof/nginx.conf":                             "cut off",
	"quote-behavior/nginx.conf":                            "text right after a closing quote",
}

func TestTheCorpusOfCrossplane(t *testing.T) {
	root := crossplaneConfigs(t)
	files := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		if name == "testdata" { // a second copy of the corpus
			return fs.SkipDir
		}
		switch filepath.Ext(path) {
		case ".sh", ".json", ".bz2":
			return nil
		}
		if e.IsDir() {
			return nil
		}
		files++
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tree := Parse("f", string(text))
			verifySpans(t, tree.Main)
			if reason := refused[name]; (len(tree.Errors) > 0) != (reason != "") {
				t.Errorf("errors %q, expected because: %q", messages(tree.Errors), reason)
			}
			other, err := otherReading(path)
			if strings.Contains(string(text), "_by_lua") {
				return
			}
			ours := ourReading(tree.Main)
			diff := cmp.Diff(other, ours)
			if err != nil {
				diff = fmt.Sprintf("crossplane: %v", err)
			}
			if reason := differencesFromCrossplane[name]; (diff != "") != (reason != "") {
				t.Errorf("difference expected because: %q, found (-crossplane +ours):\n%s", reason, diff)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files in the corpus", files)
	}
}

// Both parsers read the same bytes from memory, without looking at contexts and
// numbers of arguments.
func BenchmarkParse(b *testing.B) {
	file := filepath.Join(crossplaneConfigs(b), "large-config", "nginx.conf")
	packed, err := os.Open(file + ".bz2")
	if err != nil {
		b.Fatal(err)
	}
	defer packed.Close()
	data, err := io.ReadAll(bzip2.NewReader(packed))
	if err != nil {
		b.Fatal(err)
	}
	text := string(data)
	b.Run("postern", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if t := Parse(file, text); len(t.Errors) > 0 {
				b.Fatal(t.Errors[0])
			}
		}
	})
	b.Run("crossplane", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			p, err := crossplane.Parse(file, &crossplane.ParseOptions{
				SingleFile: true, SkipDirectiveContextCheck: true, SkipDirectiveArgsCheck: true,
				Open: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
			})
			if err != nil || len(p.Errors) > 0 {
				b.Fatal(err, p.Errors)
			}
		}
	})
}
