// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// FuzzReadBundle gives any bytes to the reader of bundles, which must end
// without breaking; what it takes must survive being written and read again.
func FuzzReadBundle(f *testing.F) {
	var valid bytes.Buffer
	b, err := evidence.NewBundle(sample("2026-01-01T00:00:00Z"), []byte("site: acme\n"), &evidence.Archive{})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := b.WriteTo(&valid); err != nil {
		f.Fatal(err)
	}
	f.Add(valid.Bytes())
	f.Add(valid.Bytes()[:len(valid.Bytes())/2])
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := evidence.ReadBundle(data)
		if err != nil {
			return
		}
		requireStable(t, b)
	})
}

// FuzzReadBundleWithSoundDigests writes its input into a bundle whose digests
// agree, since random bytes never get past them: somebody who makes a bundle
// up can also compute its digests.
func FuzzReadBundleWithSoundDigests(f *testing.F) {
	text, err := evidence.Encode(sample("2026-01-01T00:00:00Z"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, []byte("site: acme\n"), "rp-a/nginx.conf", []byte("server {}\n"))
	f.Add([]byte(`{}`), []byte(""), "", []byte(""))
	f.Add([]byte(`null`), []byte("["), "../../etc/passwd", []byte("{{redacted:password}}"))
	f.Add([]byte(`{"header": {"schema": "postern.evidence/v1", "at": "x"}, "gaps": [{}]}`), []byte("a: b\n"), "/dev/null", []byte("\x00\xff"))
	f.Fuzz(func(t *testing.T, document, siteFile []byte, path string, artifact []byte) {
		b, err := evidence.ReadBundle(forge(t, document, siteFile, path, artifact))
		if err != nil {
			return
		}
		requireStable(t, b)
		// Whoever judges it asks for these.
		for _, section := range evidence.SectionNames() {
			if _, ok := b.Document.Count(section); !ok {
				t.Errorf("section %s is not known", section)
			}
		}
		if _, err := evidence.Encode(evidence.Input{Document: b.Document}); err != nil {
			t.Error(err)
		}
		if _, _, err := evidence.Merge(b, b); err != nil {
			t.Errorf("a bundle does not merge with itself: %v", err)
		}
	})
}

// forge writes a bundle with digests that agree.
func forge(t *testing.T, document, siteFile []byte, path string, artifact []byte) []byte {
	t.Helper()
	sum := func(b []byte) string {
		s := sha256.Sum256(b)
		return hex.EncodeToString(s[:])
	}
	type entry struct {
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
	}
	manifest, err := json.Marshal(map[string]any{
		"schema": "postern.bundle/v1", "evidence": sum(document), "site": sum(siteFile), "raw": []entry{{path, sum(artifact)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range []struct {
		name string
		data []byte
	}{
		{"manifest.json", manifest},
		{"evidence.json", document},
		{"site.yaml", siteFile},
		{"raw/" + sum(artifact), artifact},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// requireStable writes a bundle and reads it back: the same evidence, and from
// then on the same bytes.
func requireStable(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	var first, second bytes.Buffer
	if _, err := b.WriteTo(&first); err != nil {
		t.Fatalf("what was read cannot be written: %v", err)
	}
	again, err := evidence.ReadBundle(first.Bytes())
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	if _, err := again.WriteTo(&second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("writing it twice gives two bundles")
	}
}
