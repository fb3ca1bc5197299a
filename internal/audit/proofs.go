// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/evidence"
)

// Proofs keeps what was proved, for those who judge much the same evidence many times.
// It is safe for concurrent use; the zero value is empty and ready.
type Proofs struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte]*exposure.Proof
}

// prove returns the kept proof of a key, or makes it.
func (p *Proofs) prove(key [sha256.Size]byte, make func() *exposure.Proof) *exposure.Proof {
	if p == nil {
		return make()
	}
	p.mu.Lock()
	kept := p.kept[key]
	p.mu.Unlock()
	if kept != nil {
		return kept
	}
	made := make()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[[sha256.Size]byte]*exposure.Proof{}
	}
	p.kept[key] = made
	return made
}

// key names all that the proof of an edge rests on.
func (d *derivation) key(e *evidence.Edge, c *nginxrules.Configuration) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%q %+v %q %+v %q %q\n", e.Subject, e.Nginx, d.names(), *d.surface, d.authenticators, d.doc.Site.IdP.Host)
	for _, n := range d.doc.Site.Nodes {
		fmt.Fprintf(h, "%q %q %q %q\n", n.Name, n.Role, n.Host, n.Addresses)
	}
	for _, m := range d.doc.ProxyMap {
		for _, entry := range m.Entries {
			fmt.Fprintf(h, "%q %q\n", entry.Internal.Host, entry.External.Host)
		}
	}
	files := map[string]bool{}
	for _, f := range c.Files() {
		files[f] = true
	}
	// A script may have any name.
	root := path.Clean(filepath.ToSlash(e.Nginx.Root)) + "/"
	for _, art := range d.archive.All() {
		below := e.Nginx.Root != "" && (root == "./" || strings.HasPrefix(art.Path, root))
		if below || files[art.Path] || art.Path == e.Nginx.Version {
			fmt.Fprintf(h, "%q %s\n", art.Path, art.SHA256)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}
