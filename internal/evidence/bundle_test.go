// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

func sample(at string) evidence.Document {
	return evidence.Document{
		Header: evidence.Header{Schema: evidence.SchemaVersion, At: at, Vantage: evidence.VantageLAN},
		Site:   evidence.Site{Name: "acme"},
		Sections: evidence.Sections{
			IPTables: []evidence.RuleSet{
				{Target: "edge/rp-b", Family: evidence.IPv4, Source: evidence.Source{Artifact: "b"}},
				{Target: "edge/rp-a", Family: evidence.IPv4, Source: evidence.Source{Artifact: "a"}},
			},
			VOS: []evidence.VOSNode{{Target: "node/fin-b"}, {Target: "node/fin-a"}},
		},
		Gaps: []evidence.Gap{
			{Section: "vos", Subject: "node/fin-c", Reason: "unreachable"},
			{Section: "iptables", Subject: "edge/rp-a", Reason: "no file"},
			{Section: "vos", Subject: "node/fin-c", Reason: "unreachable"},
		},
	}
}

func bundle(t *testing.T, doc evidence.Document, files map[string]string) *evidence.Bundle {
	t.Helper()
	archive := &evidence.Archive{}
	for name, text := range files {
		archive.Add(name, []byte(text))
	}
	b, err := evidence.NewBundle(doc, []byte("site: acme\n"), archive)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, b *evidence.Bundle) []byte {
	t.Helper()
	var buf bytes.Buffer
	if _, err := b.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestTheSameEvidenceInAnyOrderGivesTheSameBytes(t *testing.T) {
	files := map[string]string{"a": "1", "b": "2", "c": "1"}
	first := write(t, bundle(t, sample("2026-01-01T00:00:00Z"), files))
	for range 5 {
		doc := sample("2026-01-01T00:00:00Z")
		rand.Shuffle(len(doc.IPTables), func(i, j int) { doc.IPTables[i], doc.IPTables[j] = doc.IPTables[j], doc.IPTables[i] })
		rand.Shuffle(len(doc.VOS), func(i, j int) { doc.VOS[i], doc.VOS[j] = doc.VOS[j], doc.VOS[i] })
		rand.Shuffle(len(doc.Gaps), func(i, j int) { doc.Gaps[i], doc.Gaps[j] = doc.Gaps[j], doc.Gaps[i] })
		if !bytes.Equal(first, write(t, bundle(t, doc, files))) {
			t.Fatal("shuffled evidence gives another bundle")
		}
	}
}

func TestABundleReadsBackAsItWasWritten(t *testing.T) {
	b := bundle(t, sample("2026-01-01T00:00:00Z"), map[string]string{"x.conf": "token=" + canary, "y": "plain"})
	back, err := evidence.ReadBundle(write(t, b))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.Document, back.Document); diff != "" {
		t.Error(diff)
	}
	if back.Digest != b.Digest {
		t.Errorf("digest %s became %s", b.Digest, back.Digest)
	}
	art, ok := back.Archive.Get("x.conf")
	if !ok || len(art.Secrets) != 1 || art.OriginalSHA256 != "" {
		t.Errorf("artifact %+v", art)
	}
	if !bytes.Equal(write(t, b), write(t, back)) {
		t.Error("writing it again gives other bytes")
	}
}

func TestABundleThatWasTamperedWithIsRefused(t *testing.T) {
	good := write(t, bundle(t, sample("2026-01-01T00:00:00Z"), map[string]string{"x": "artifact text"}))
	for name, change := range map[string]func([]byte) []byte{
		"an artifact": func(b []byte) []byte { return bytes.Replace(b, []byte("artifact text"), []byte("artifact tExt"), 1) },
		"the evidence": func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"reason": "no file"`), []byte(`"reason": "no fill"`), 1)
		},
		"the manifest": func(b []byte) []byte { return bytes.Replace(b, []byte(`"path": "x"`), []byte(`"path": "y"`), 1) },
		"its end":      func(b []byte) []byte { return b[:len(b)-30] },
		"everything":   func([]byte) []byte { return []byte("PK\x03\x04 nonsense") },
	} {
		if _, err := evidence.ReadBundle(change(bytes.Clone(good))); err == nil {
			t.Errorf("%s was changed and the bundle still reads", name)
		}
	}
}

func TestMergeKeepsTheNewestAndFillsGaps(t *testing.T) {
	older := sample("2026-01-01T00:00:00Z")
	newer := evidence.Document{
		Header:   evidence.Header{Schema: evidence.SchemaVersion, At: "2026-01-02T00:00:00Z"},
		Site:     evidence.Site{Name: "acme"},
		Sections: evidence.Sections{VOS: []evidence.VOSNode{{Target: "node/fin-c"}, {Target: "node/fin-a", Source: evidence.Source{Artifact: "new"}}}},
	}
	if _, _, err := evidence.Merge(bundle(t, older, nil), bundle(t, newer, nil)); err == nil || !strings.Contains(err.Error(), "vos of node/fin-c") {
		t.Errorf("evidence of a node that nobody declared was merged: %v", err)
	}
	older.Site.Nodes = []evidence.Node{{Subject: "node/fin-a"}, {Subject: "node/fin-b"}, {Subject: "node/fin-c"}}
	merged, aside, err := evidence.Merge(bundle(t, older, nil), bundle(t, newer, nil))
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, v := range merged.Document.VOS {
		targets = append(targets, v.Target+" "+v.Source.Artifact)
	}
	if diff := cmp.Diff([]string{"node/fin-a new", "node/fin-b ", "node/fin-c "}, targets); diff != "" {
		t.Error(diff)
	}
	if len(aside) != 1 || !strings.HasPrefix(aside[0], "vos node/fin-a") {
		t.Errorf("set aside %q", aside)
	}
	for _, g := range merged.Document.Gaps {
		if g.Section == "vos" {
			t.Errorf("gap %+v was filled and still stands", g)
		}
	}
	if merged.Document.Header.At != "2026-01-02T00:00:00Z" {
		t.Errorf("merged evidence is of %s", merged.Document.Header.At)
	}
	other := newer
	other.Site.Name = "else"
	if _, _, err := evidence.Merge(bundle(t, older, nil), bundle(t, other, nil)); err == nil {
		t.Error("evidence of two sites was merged")
	}
}

func TestMergingDoesNotMakeOldEvidenceFresh(t *testing.T) {
	older := sample("2026-01-01T00:00:00Z")
	newer := sample("2026-02-01T00:00:00Z")
	newer.Sections, newer.Gaps = evidence.Sections{}, nil
	older.Site.MaxAge, newer.Site.MaxAge = "72h", "72h"
	newer.Header.Vantage = evidence.VantageInternet
	newer.Site.Edges = []evidence.Edge{{Subject: "edge/rp-a"}, {Subject: "edge/rp-b"}}
	newer.Site.Nodes = []evidence.Node{{Subject: "node/fin-a"}, {Subject: "node/fin-b"}}
	merged, _, err := evidence.Merge(bundle(t, newer, nil), bundle(t, older, nil))
	if err != nil {
		t.Fatal(err)
	}
	stale := 0
	for _, g := range merged.Document.Gaps {
		if strings.Contains(g.Reason, "older than max_age") {
			stale++
		}
	}
	if stale != 4 {
		t.Errorf("%d of 4 old records are left open: %+v", stale, merged.Document.Gaps)
	}
	if merged.Document.Header.Vantage != evidence.VantageUnknown {
		t.Errorf("evidence of two vantages is of %s", merged.Document.Header.Vantage)
	}
}

func TestAGapTouchesWhatItDoesNotPlainlyExclude(t *testing.T) {
	for _, c := range []struct {
		gap, subject string
		want         bool
	}{
		{"edge/rp-b", "edge/rp-a", false},
		{"edge/rp-a", "edge/rp-a/server/x:1", true},
		{"edge/rp-a/listener/x:1", "edge/rp-a/listener/x:2", false},
		{"edge/rp-a/listener/x:1", "edge/rp-a", true},
		{"node/fin-a", "edge/rp-a", true},
		{"site", "edge/rp-a", true},
		{"node/fin-a", "map/fin-a.corp.example:8445", true},
	} {
		if got := evidence.Touches(c.gap, c.subject); got != c.want {
			t.Errorf("a gap of %s touches %s: %v, want %v", c.gap, c.subject, got, c.want)
		}
	}
	if got := evidence.Subject("edge", "a/b%"); got != "edge/a%2Fb%25" {
		t.Errorf("subject %q", got)
	}
}

func TestTooManyFactsBecomeAGapThatNamesTheCount(t *testing.T) {
	doc := sample("2026-01-01T00:00:00Z")
	doc.ProxyMap = []evidence.ProxyMap{{Target: "site", Entries: make([]evidence.MapEntry, evidence.MaxSectionFacts)}}
	doc.Freeze()
	if len(doc.ProxyMap) != 0 {
		t.Error("an oversized section stayed")
	}
	found := false
	for _, g := range doc.Gaps {
		found = found || g.Section == "proxymap" && strings.Contains(g.Reason, "20001")
	}
	if !found {
		t.Errorf("gaps %+v", doc.Gaps)
	}
}

func TestEncodedEvidenceHoldsNoNullAndFitsItsSchema(t *testing.T) {
	doc := sample("2026-01-01T00:00:00Z")
	text, err := evidence.Encode(evidence.Input{Document: doc})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("null")) {
		t.Error("encoded evidence holds null")
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	fits(t, "input", evidence.InputSchema(), value)
	schema := evidence.InputSchema()
	if s, ok := schema.At("tlsposture", "[]", "versions", "[]", "answer"); !ok || len(s.Enumeration) != 3 {
		t.Errorf("schema of an answer is %+v", s)
	}
}

// fits compares a value with a schema, closed objects included.
func fits(t *testing.T, path string, s evidence.Schema, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if s.Type != "object" || len(v) != len(s.Properties) || len(s.Required) != len(s.Properties) {
			t.Errorf("%s: %d members, the schema has %d (%s)", path, len(v), len(s.Properties), s.Type)
		}
		for name, member := range v {
			p, ok := s.Properties[name]
			if !ok {
				t.Errorf("%s.%s is not in the schema", path, name)
			}
			fits(t, path+"."+name, p, member)
		}
	case []any:
		if s.Type != "array" {
			t.Errorf("%s is an array, the schema says %s", path, s.Type)
		}
		for _, item := range v {
			fits(t, path+"[]", *s.Items, item)
		}
	case string:
		if s.Type != "string" {
			t.Errorf("%s is text, the schema says %s", path, s.Type)
		}
	}
}
