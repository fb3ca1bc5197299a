// SPDX-License-Identifier: Apache-2.0

// Package xmltreetest hands one document to the tests of a collector, whatever
// the file is called. It is for tests only.
package xmltreetest

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/postern-audit/postern/internal/evidence"
)

// Document is a site of which every file holds the same text. It is handed out
// as evidence is: redacted, and not at all when it is longer than asked for.
type Document string

// Read implements evidence.Files.
func (d Document) Read(path string, limit int64) (evidence.Artifact, error) {
	if int64(len(d)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: is longer than %d bytes", path, limit)
	}
	text, marks := evidence.Redact([]byte(d))
	return evidence.Artifact{Path: path, Text: text, Secrets: marks}, nil
}

// Tree implements evidence.Files: there are no folders.
func (Document) Tree(path string) (fs.FS, error) { return noFolder(path) }

// Raw is a Document of any length without redaction, for which a fuzz target has
// no time.
type Raw string

// Read implements evidence.Files.
func (r Raw) Read(path string, _ int64) (evidence.Artifact, error) {
	return evidence.Artifact{Path: path, Text: []byte(r)}, nil
}

// Tree implements evidence.Files: there are no folders.
func (Raw) Tree(path string) (fs.FS, error) { return noFolder(path) }

func noFolder(path string) (fs.FS, error) { return nil, errors.New(path + ": is no folder") }
