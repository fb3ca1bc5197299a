// SPDX-License-Identifier: Apache-2.0

package saml_test

import (
	"errors"
	"io/fs"

	"github.com/postern-audit/postern/internal/evidence"
)

// plain is a site of which every file holds the same text, without the redaction
// that a fuzz target has no time for.
type plain string

func (p plain) Read(path string, _ int64) (evidence.Artifact, error) {
	return evidence.Artifact{Path: path, Text: []byte(p)}, nil
}

func (plain) Tree(string) (fs.FS, error) { return nil, errors.New("no folder") }
