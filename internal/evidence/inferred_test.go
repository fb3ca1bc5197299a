// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestOnlyInferredFactsAreDoubted(t *testing.T) {
	at := evidence.Source{Artifact: "cli.txt", Line: 3}
	s := evidence.Sections{
		VOS: []evidence.VOSNode{{
			Target:     "node/fin-a",
			ClientAuth: evidence.CLIValue{Known: true, Format: evidence.FormatDocumented, Value: "enabled", Source: at},
			Version:    evidence.CLIValue{Known: true, Format: evidence.FormatInferred, Value: "12.6.1", Source: at},
		}},
		CORS: []evidence.CORS{{
			Target: "node/fin-a", Mode: evidence.CORSEnabled, ModeFormat: evidence.FormatInferred, ModeSource: at,
			AllowedOrigins: evidence.CLIList{Known: true, Format: evidence.FormatInferred, Source: at, Items: []evidence.CLIItem{{Value: "https://a.example", Source: evidence.Source{Artifact: "cli.txt", Line: 4}}}},
			AllowedHeaders: evidence.CLIList{Known: true, Format: evidence.FormatDocumented, Items: []evidence.CLIItem{{Value: "X-A"}}},
		}},
	}
	item := evidence.Source{Artifact: "cli.txt", Line: 4}
	one := []evidence.Source{at}
	want := []evidence.InferredFact{{"cors", "node/fin-a", at, one}, {"cors", "node/fin-a", at, []evidence.Source{item, at}}, {"vos", "node/fin-a", at, one}}
	if diff := cmp.Diff(want, s.Inferred()); diff != "" {
		t.Error(diff)
	}
	modes, versions, origins := map[evidence.CORSMode]bool{}, map[string]bool{}, map[int]bool{}
	for way := range evidence.Doubts {
		got := s.Doubt(way)
		if got.VOS[0].ClientAuth != s.VOS[0].ClientAuth {
			t.Errorf("way %d doubts a documented value: %+v", way, got.VOS[0].ClientAuth)
		}
		if diff := cmp.Diff(s.CORS[0].AllowedHeaders, got.CORS[0].AllowedHeaders); diff != "" {
			t.Error(diff)
		}
		if v := got.VOS[0].Version; v.Value == "12.6.1" || !v.Known || v.Source != at {
			t.Errorf("way %d leaves %+v", way, v)
		}
		modes[got.CORS[0].Mode] = true
		versions[got.VOS[0].Version.Value] = true
		origins[len(got.CORS[0].AllowedOrigins.Items)] = true
	}
	if len(modes) != 3 || modes[evidence.CORSEnabled] || len(versions) != 3 || !origins[0] || !origins[1] {
		t.Errorf("modes %v, versions %v, origins %v", modes, versions, origins)
	}
	if s.CORS[0].Mode != evidence.CORSEnabled || s.CORS[0].AllowedOrigins.Items[0].Value != "https://a.example" {
		t.Errorf("the original was changed: %+v", s.CORS[0])
	}
}
