// SPDX-License-Identifier: Apache-2.0

package nginxrules_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/evidence"
)

// keepingFiles keep only what is opened.
type keepingFiles struct{ files }

func (f keepingFiles) Tree(name string) (fs.FS, error) {
	return evidence.Tree(f.tree, name, f.archive), nil
}

// What a script does is told again from what is kept: a module that is there and cannot be
// kept would be taken from the next place.
func TestAModuleThatCannotBeKeptLeavesAGapOfTheProof(t *testing.T) {
	const conf = "events {} http { lua_package_path '/a/?.lua;/b/?.lua;;'; lua_package_cpath '/c/?.so;;'; server { listen 80; access_by_lua_block { require('m') require('cjson') } } }"
	for _, test := range []struct {
		files string
		kept  []string
		gap   string
	}{
		{"b/m.lua", []string{"b/m.lua"}, ""},
		{"a/m.lua b/m.lua b/cjson.lua", []string{"a/m.lua", "b/cjson.lua"}, ""},
		{"a/m.lua/folder b/m.lua", nil, "m.lua"},
		{"b/m.lua b/cjson.lua/folder", []string{"b/m.lua"}, "cjson.lua"},
		{"b/m.lua b/resty/core/exit.lua/folder", []string{"b/m.lua"}, "exit.lua"},
		{"b/m.lua b/resty/core/exit.lua", []string{"b/m.lua", "b/resty/core/exit.lua"}, ""},
		{"b/m.lua c/cjson.so", []string{"b/m.lua"}, "compiled"},
		{"b/m.lua a/cjson.lua!", []string{"a/cjson.lua", "b/m.lua"}, "cjson.lua"},
	} {
		tree := fstest.MapFS{"nginx.conf": {Data: []byte(conf)}, "a/x": {}, "b/x": {}, "c/x": {}}
		for name := range strings.FieldsSeq(test.files) {
			name, large := strings.CutSuffix(name, "!")
			tree[name] = &fstest.MapFile{Data: []byte("return {}")}
			if large {
				tree[name].Data = []byte(strings.Repeat("-", 2<<20))
			}
		}
		archive := &evidence.Archive{}
		edge := evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", Nginx: evidence.NginxLocation{Root: "t", Conf: "nginx.conf"}}
		got, err := nginxrules.Collector{}.Collect(t.Context(), evidence.Target{
			Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &edge, Site: &evidence.Site{}, Files: keepingFiles{files{tree, archive}}, Artifacts: archive,
		})
		if err != nil {
			t.Fatal(err)
		}
		var kept, gaps []string
		for _, art := range archive.All() {
			if name, ok := strings.CutPrefix(art.Path, "t/"); ok && name != "nginx.conf" {
				kept = append(kept, name)
			}
		}
		for _, g := range got.Gaps {
			if g.Section == "exposure" && g.Part == "" && g.Source.Line == 1 {
				gaps = append(gaps, g.Reason)
			}
		}
		slices.Sort(kept)
		reason := strings.Join(gaps, "; ")
		if !slices.Equal(kept, test.kept) || len(gaps) > 1 || (reason == "") != (test.gap == "") || !strings.Contains(reason, test.gap) {
			t.Errorf("%s: kept %q, gaps %q", test.files, kept, gaps)
		}
	}
}
