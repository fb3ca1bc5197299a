// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestFactsAreListedByTheirFormat(t *testing.T) {
	at := func(line int) evidence.Source { return evidence.Source{Artifact: "cli.txt", Line: line} }
	s := evidence.Sections{
		VOS: []evidence.VOSNode{{
			Target:     "node/fin-a",
			ClientAuth: evidence.CLIValue{Known: true, Format: evidence.FormatDocumented, Value: "enabled", Source: at(1)},
			Version:    evidence.CLIValue{Known: true, Format: evidence.FormatInferred, Value: "12.6.1", Source: at(2)},
		}},
		CORS: []evidence.CORS{{
			Target: "node/fin-a", Mode: evidence.CORSEnabled, ModeFormat: evidence.FormatInferred, ModeSource: at(3),
			AllowedOrigins: evidence.CLIList{Known: true, Format: evidence.FormatInferred, Source: at(4), Items: []evidence.CLIItem{{Value: "https://a.example", Source: at(5)}}},
			AllowedHeaders: evidence.CLIList{Known: true, Format: evidence.FormatDocumented, Source: at(6), Items: []evidence.CLIItem{{Value: "X-A", Source: at(7)}}},
		}},
	}
	for format, want := range map[evidence.Format][]evidence.FormattedFact{
		evidence.FormatInferred: {
			{Section: "cors", Target: "node/fin-a", Part: "mode", Source: at(3), Places: []evidence.Source{at(3)}},
			{Section: "cors", Target: "node/fin-a", Part: "allowed_origins", Source: at(4), Places: []evidence.Source{at(5), at(4)}},
			{Section: "vos", Target: "node/fin-a", Part: "version", Source: at(2), Places: []evidence.Source{at(2)}},
		},
		evidence.FormatDocumented: {
			{Section: "cors", Target: "node/fin-a", Part: "allowed_headers", Source: at(6), Places: []evidence.Source{at(7), at(6)}},
			{Section: "vos", Target: "node/fin-a", Part: "client_auth", Source: at(1), Places: []evidence.Source{at(1)}},
		},
	} {
		if diff := cmp.Diff(want, s.OfFormat(format)); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}
