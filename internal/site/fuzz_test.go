// SPDX-License-Identifier: Apache-2.0

package site_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/site"
)

// FuzzParse holds the reader of site files to its contract on any text: it ends,
// a mistake is an error with a place and a message of one line, and what is
// taken has places, subjects and the same value when it is read again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		minimal,
		"",
		"site: a\nprofile: p\nedges: [{name: e}]\n",
		"site: [\n",
		"site: &a x\nprofile: *a\nedges: [{name: e}]\n",
		"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nsite: *c\n",
		"site: a\nprofile: {base: finesse-12.6.1, overlays: [x], es: ES07}\nedges:\n  - name: rp-a\n    nginx: {root: t, prefix: p, conf: c}\n    iptables: {v4: a, v6: b}\n",
		"site: !!binary YQ==\nprofile: p\nedges: [{name: e}]\n",
		"<<: {site: a}\nprofile: p\nedges: [{name: e}]\n",
		"SITE: a\nProfile: p\nedges: [{NAME: e}]\n",
		"? [a, b]\n: c\nsite: a\n",
		"site: a\n---\nsite: b\n",
		"connect: [{from: \"a:1\", to: \"127.0.0.1:2\"}]\nsite: a\nprofile: p\nedges: [{name: e, live: {ports: [1, from-map]}}]\nmax_age: 72h\ndeadline: 5m\n",
		"out_of_scope: [{section: env, target: \"*\", reason: r}]\nsite: a\nprofile: p\nedges: [{name: e}]\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := site.Parse("site.yaml", text)
		if err != nil {
			var e *site.Error
			if !errors.As(err, &e) {
				t.Fatalf("not a site error: %v", err)
			}
			if !strings.HasPrefix(e.Place, "site.yaml") || strings.TrimSpace(e.Message) == "" {
				t.Errorf("error %q has no place or message", e.Error())
			}
			return
		}
		if s.Name == "" || len(s.Edges) == 0 {
			t.Errorf("a site without name or edge was taken: %q", text)
		}
		for _, e := range s.Edges {
			if e.Subject == "" || e.Name == "" || e.Source.Line < 1 || e.Source.Artifact != "site.yaml" {
				t.Errorf("edge %q is %q at %+v", e.Name, e.Subject, e.Source)
			}
		}
		for _, n := range s.Nodes {
			if n.Subject == "" || n.Name == "" || n.Source.Line < 1 || n.Source.Artifact != "site.yaml" {
				t.Errorf("node %q is %q at %+v", n.Name, n.Subject, n.Source)
			}
		}
		again, err := site.Parse("site.yaml", text)
		if err != nil {
			t.Fatalf("taken once and then refused: %v", err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Error(diff)
		}
	})
}
