// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Artifact is one file or capture as it is kept: redacted.
type Artifact struct {
	// Path is the name by which sources refer to it.
	Path string
	Text []byte
	// SHA256 is the digest of Text in hex.
	SHA256 string
	// OriginalSHA256 is the digest before redaction. It is empty when more
	// than random keys was redacted, since it could then confirm a guess.
	OriginalSHA256 string
	// Secrets are the marks left in Text.
	Secrets []SecretMark
}

// Archive holds the artifacts of a collection. It is safe for concurrent use.
// The zero value is empty and ready.
type Archive struct {
	mu     sync.Mutex
	byPath map[string]Artifact
}

// Add redacts raw text, keeps it under a path and returns what was kept. The
// first text kept under a path stays.
func (a *Archive) Add(path string, raw []byte) Artifact {
	if kept, ok := a.Get(path); ok {
		return kept
	}
	// Outside of the lock: all targets share one archive, and redaction is slow.
	text, marks := Redact(raw)
	art := Artifact{Path: path, Text: text, SHA256: digest(text), Secrets: marks}
	onlyKeys := true
	for i := range art.Secrets {
		art.Secrets[i].Source.Artifact = path
		onlyKeys = onlyKeys && art.Secrets[i].Kind == RandomKey
	}
	if onlyKeys {
		art.OriginalSHA256 = digest(raw)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if kept, ok := a.byPath[path]; ok {
		return kept
	}
	if a.byPath == nil {
		a.byPath = map[string]Artifact{}
	}
	a.byPath[path] = art
	return art
}

// Get returns the artifact of a path.
func (a *Archive) Get(path string) (Artifact, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	art, ok := a.byPath[path]
	return art, ok
}

// All returns the artifacts sorted by path.
func (a *Archive) All() []Artifact {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]Artifact, 0, len(a.byPath))
	for _, art := range a.byPath {
		all = append(all, art)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Path < all[j].Path })
	return all
}

// keep stores an artifact that was redacted before, as read from a bundle.
func (a *Archive) keep(art Artifact) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byPath == nil {
		a.byPath = map[string]Artifact{}
	}
	a.byPath[art.Path] = art
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ServedChain is the path under which the chain that a listener served is kept
// as PEM, leaf first. The handshakes that see it belong to one collector, the
// judgement of its certificates to another.
func ServedChain(target, host string, port int) string {
	return fmt.Sprintf("served/%s/%s:%d.pem", target, strings.ToLower(host), port)
}
