// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"path/filepath"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
)

// readWaivers reads the waivers file that the flag names, else the one that
// the site declares, relative to the file that is audited.
func readWaivers(flag, audited string, bundle *evidence.Bundle) (*audit.Waivers, error) {
	path := flag
	if path == "" {
		if bundle.Document.Site.Waivers == "" {
			return nil, nil
		}
		path = bundle.Document.Site.Waivers
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(audited), path)
		}
	}
	text, err := readLimited(path, 1<<20)
	if err != nil {
		return nil, withHint(err, "name it with --waivers FILE, or remove waivers from the site file")
	}
	return audit.ParseWaivers(filepath.ToSlash(filepath.Base(path)), text)
}
