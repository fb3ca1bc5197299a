// SPDX-License-Identifier: Apache-2.0

package cors_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/cors"
	"github.com/postern-audit/postern/internal/evidence"
)

// transcript serves one text as what a node declares.
type transcript string

func (x transcript) Read(path string, _ int64) (evidence.Artifact, error) {
	return evidence.Artifact{Path: path, Text: []byte(x)}, nil
}

func (transcript) Tree(string) (fs.FS, error) { return fstest.MapFS{}, nil }

// TestAnAnswerInAnUnknownFormLeavesOnlyItsOwnFieldUnknown spoils one answer at a
// time. Those that need not be there have no readable form here.
func TestAnAnswerInAnUnknownFormLeavesOnlyItsOwnFieldUnknown(t *testing.T) {
	questions := [...]struct{ command, answer, field string }{
		{"utils finesse cors status", "Cisco Finesse CORS is enabled now.", "mode"},
		{"utils finesse cors allowed_origin list", "The following origin(s) are configured:\n1. https://crm.example", "allowed_origins"},
		{"utils finesse cors allowed_headers list", "", "allowed_headers"},
		{"utils finesse cors exposed_headers list", "", "exposed_headers"},
		{"utils finesse cors private-network-access status", "", "private_network_access"},
	}
	for spoiled := -1; spoiled < len(questions); spoiled++ {
		var text strings.Builder
		var want, parts []string
		for i, q := range questions {
			if i == spoiled {
				want, q.answer = []string{q.field}, "the like of which nobody wrote down"
			}
			if q.answer != "" {
				text.WriteString("admin:" + q.command + "\n" + q.answer + "\n")
			}
		}
		text.WriteString("admin:\n")
		got, err := cors.Collector{}.Collect(t.Context(), evidence.Target{
			Kind: evidence.KindNode, Subject: "node/fin-a", Files: transcript(text.String()),
			Node: &evidence.Node{Name: "fin-a", Role: "finesse", Transcript: "cli.txt"},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range got.Gaps {
			if g.Section == "cors" {
				parts = append(parts, g.Part)
			}
			if g.Part != "" && !slices.Contains(evidence.Parts(g.Section), g.Part) {
				t.Errorf("%q is no field of section %s", g.Part, g.Section)
			}
		}
		if diff := cmp.Diff(want, parts); diff != "" {
			t.Errorf("%s: %s%v", text.String(), diff, got.Gaps)
		}
	}
}
