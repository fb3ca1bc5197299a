// SPDX-License-Identifier: Apache-2.0

package framing_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/framing"
	"github.com/postern-audit/postern/internal/evidence"
)

// transcript serves one text as what a node declares.
type transcript string

func (x transcript) Read(path string, _ int64) (evidence.Artifact, error) {
	return evidence.Artifact{Path: path, Text: []byte(x)}, nil
}

func (transcript) Tree(string) (fs.FS, error) { return fstest.MapFS{}, nil }

func TestAnAnswerInAnUnknownFormLeavesOnlyItsOwnFieldUnknown(t *testing.T) {
	const (
		list    = "admin:utils finesse frame_access_allowed_list list\n"
		entry   = "The following source(s) are configured in the frame access list:\n1. https://crm.example\n"
		unknown = "the like of which nobody wrote down\n"
		toggle  = "admin:utils finesse xframe status\n"
	)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"both are readable", list + entry, nil},
		{"the list", list + unknown, []string{"entries"}},
		{"the switch", list + entry + toggle + unknown, []string{"xframe"}},
		{"the list is not there", "admin:show myself\nx\n", []string{"entries", "verb"}},
	} {
		got, err := framing.Collector{}.Collect(t.Context(), evidence.Target{
			Kind: evidence.KindNode, Subject: "node/fin-a", Files: transcript(c.text + "admin:\n"),
			Node: &evidence.Node{Name: "fin-a", Role: "finesse", Transcript: "cli.txt"},
		})
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, g := range got.Gaps {
			if g.Section == "framing" {
				parts = append(parts, g.Part)
			}
			if g.Part != "" && !slices.Contains(evidence.Parts(g.Section), g.Part) {
				t.Errorf("%q is no field of section %s", g.Part, g.Section)
			}
		}
		slices.Sort(parts)
		if diff := cmp.Diff(c.want, parts); diff != "" {
			t.Errorf("%s: %s%v", c.name, diff, got.Gaps)
		}
	}
}
