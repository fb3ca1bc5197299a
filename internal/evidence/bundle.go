// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"
)

// Limits of a bundle read from elsewhere.
const (
	MaxBundleBytes   = 512 << 20
	MaxBundleEntries = 50_000
	MaxArtifactBytes = 64 << 20
)

// Bundle is frozen evidence with everything that it was read from.
type Bundle struct {
	Document Document
	// SiteFile is the site file as read, redacted.
	SiteFile []byte
	Archive  *Archive
	// Digest is the SHA-256 of the manifest in hex: it names all of it.
	Digest string
}

type manifest struct {
	Schema   string          `json:"schema"`
	Evidence string          `json:"evidence"`
	Site     string          `json:"site"`
	Raw      []manifestEntry `json:"raw"`
}

type manifestEntry struct {
	Path           string `json:"path"`
	SHA256         string `json:"sha256"`
	OriginalSHA256 string `json:"original_sha256,omitempty"`
}

const bundleSchema = "postern.bundle/v1"

// NewBundle freezes a document and computes the digest.
func NewBundle(doc Document, siteFile []byte, archive *Archive) (*Bundle, error) {
	// A reason may quote what a program or a host said.
	for i := range doc.Gaps {
		if clean, marks := Redact([]byte(doc.Gaps[i].Reason)); len(marks) > 0 {
			doc.Gaps[i].Reason = string(clean)
		}
	}
	doc.Freeze()
	clean, _ := Redact(siteFile)
	b := &Bundle{Document: doc, SiteFile: clean, Archive: archive}
	_, _, err := b.encode()
	return b, err
}

// encode returns evidence.json and manifest.json, and sets the digest.
func (b *Bundle) encode() (doc, man []byte, err error) {
	doc, err = Encode(b.Document)
	if err != nil {
		return nil, nil, err
	}
	if len(doc) > MaxDocumentBytes {
		return nil, nil, fmt.Errorf("evidence.json: %d bytes exceed the limit of %d", len(doc), MaxDocumentBytes)
	}
	m := manifest{Schema: bundleSchema, Evidence: digest(doc), Site: digest(b.SiteFile), Raw: []manifestEntry{}}
	for _, art := range b.Archive.All() {
		e := manifestEntry{Path: art.Path, SHA256: art.SHA256}
		if art.OriginalSHA256 != art.SHA256 {
			e.OriginalSHA256 = art.OriginalSHA256
		}
		m.Raw = append(m.Raw, e)
	}
	man, err = json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, nil, fmt.Errorf("encode manifest: %w", err)
	}
	man = append(man, '\n')
	b.Digest = digest(man)
	return doc, man, nil
}

// bundleTime is the fixed time of every entry, the earliest that zip can say.
var bundleTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteTo writes the bundle as a zip file: entries stored, in canonical order,
// with fixed times and mode 0600, so that equal evidence gives equal bytes.
func (b *Bundle) WriteTo(w io.Writer) (int64, error) {
	doc, man, err := b.encode()
	if err != nil {
		return 0, err
	}
	counter := &countingWriter{w: w}
	z := zip.NewWriter(counter)
	add := func(name string, data []byte) error {
		h := &zip.FileHeader{Name: name, Method: zip.Store, Modified: bundleTime}
		h.SetMode(0o600)
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	}
	raw := map[string][]byte{}
	for _, art := range b.Archive.All() {
		raw[art.SHA256] = art.Text
	}
	names := make([]string, 0, len(raw))
	for name := range raw {
		names = append(names, name)
	}
	sort.Strings(names)
	err = errors.Join(add("manifest.json", man), add("evidence.json", doc), add("site.yaml", b.SiteFile))
	for _, name := range names {
		err = errors.Join(err, add("raw/"+name, raw[name]))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return counter.n, fmt.Errorf("write bundle: %w", err)
	}
	return counter.n, nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// ReadBundle reads and verifies a bundle: every entry must be named by the
// manifest and have the digest that it states.
func ReadBundle(data []byte) (*Bundle, error) {
	if len(data) > MaxBundleBytes {
		return nil, fmt.Errorf("bundle: %d bytes exceed the limit of %d", len(data), MaxBundleBytes)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	if len(z.File) > MaxBundleEntries {
		return nil, fmt.Errorf("bundle: %d entries exceed the limit of %d", len(z.File), MaxBundleEntries)
	}
	files := map[string][]byte{}
	var total int64
	for _, f := range z.File {
		if f.Method != zip.Store {
			return nil, fmt.Errorf("bundle: %s: entries must be stored, not compressed", f.Name)
		}
		if _, twice := files[f.Name]; twice {
			return nil, fmt.Errorf("bundle: %s: entry occurs twice", f.Name)
		}
		content, err := readEntry(f)
		if err != nil {
			return nil, fmt.Errorf("bundle: %s: %w", f.Name, err)
		}
		if total += int64(len(content)); total > MaxBundleBytes {
			return nil, fmt.Errorf("bundle: content exceeds the limit of %d bytes", MaxBundleBytes)
		}
		files[f.Name] = content
	}
	return openBundle(files)
}

func readEntry(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, MaxArtifactBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > MaxArtifactBytes {
		return nil, fmt.Errorf("entry exceeds the limit of %d bytes", MaxArtifactBytes)
	}
	return content, nil
}

func openBundle(files map[string][]byte) (*Bundle, error) {
	man, ok := files["manifest.json"]
	if !ok {
		return nil, errors.New("bundle: manifest.json is missing")
	}
	dec := json.NewDecoder(bytes.NewReader(man))
	dec.DisallowUnknownFields()
	var m manifest
	if err := dec.Decode(&m); err != nil {
		return nil, fmt.Errorf("bundle: manifest.json: %w", err)
	}
	if m.Schema != bundleSchema {
		return nil, fmt.Errorf("bundle: manifest.json: schema %q, this version reads %q", m.Schema, bundleSchema)
	}
	verify := func(name, want string) ([]byte, error) {
		content, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("bundle: %s is missing", name)
		}
		if got := digest(content); got != want {
			return nil, fmt.Errorf("bundle: %s: digest is %s, the manifest says %s", name, got, want)
		}
		return content, nil
	}
	docText, err := verify("evidence.json", m.Evidence)
	if err != nil {
		return nil, err
	}
	siteText, err := verify("site.yaml", m.Site)
	if err != nil {
		return nil, err
	}
	doc, err := Decode(docText)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	archive := &Archive{}
	named := map[string]bool{"manifest.json": true, "evidence.json": true, "site.yaml": true}
	for _, e := range m.Raw {
		name := "raw/" + e.SHA256
		text, err := verify(name, e.SHA256)
		if err != nil {
			return nil, err
		}
		named[name] = true
		art := Artifact{Path: e.Path, Text: text, SHA256: e.SHA256, OriginalSHA256: e.OriginalSHA256, Secrets: findMarks(text)}
		for i := range art.Secrets {
			art.Secrets[i].Source.Artifact = e.Path
		}
		if art.OriginalSHA256 == "" && len(art.Secrets) == 0 {
			art.OriginalSHA256 = art.SHA256
		}
		archive.keep(art)
	}
	for name := range files {
		if !named[name] {
			return nil, fmt.Errorf("bundle: %s is not named by the manifest", name)
		}
	}
	b := &Bundle{Document: *doc, SiteFile: siteText, Archive: archive}
	b.Digest = digest(man)
	return b, nil
}
