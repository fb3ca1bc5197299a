// SPDX-License-Identifier: Apache-2.0

package site

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/postern-audit/postern/internal/evidence"
)

// Files opens what a site file names, relative to its folder. Everything that
// it returns is redacted and recorded in the archive. It is safe for concurrent
// use. Close releases the trees.
type Files struct {
	dir     string
	archive *evidence.Archive

	mu    sync.Mutex
	roots []*os.Root
}

// OpenFiles returns the opener of a site file's folder.
func OpenFiles(dir string, archive *evidence.Archive) *Files {
	return &Files{dir: dir, archive: archive}
}

// Close releases the opened trees.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for _, r := range f.roots {
		errs = append(errs, r.Close())
	}
	f.roots = nil
	return errors.Join(errs...)
}

func (f *Files) resolve(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// Path is where a file of the site file lies on this machine. It is for files
// that are no evidence, such as an SSH identity.
func (f *Files) Path(name string) string { return f.resolve(name) }

// Read implements evidence.Files.
func (f *Files) Read(name string, limit int64) (evidence.Artifact, error) {
	text, err := f.raw(name, limit)
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("%s: %s", name, unwrapPath(err))
	}
	return f.archive.Add(path.Clean(filepath.ToSlash(name)), text), nil
}

// raw reads a regular file of the folder that it lies in.
func (f *Files) raw(name string, limit int64) ([]byte, error) {
	full := f.resolve(name)
	root, err := os.OpenRoot(filepath.Dir(full))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return evidence.ReadRegular(folder{root}, filepath.Base(full), limit)
}

// Attested keeps a file that an attestation names, and says whether it is there
// and has the digest that is stated, if one is. Digests are those of the file as
// it is, before redaction.
func (f *Files) Attested(name, sha string, limit int64) evidence.AttestedFile {
	out := evidence.AttestedFile{Path: name, SHA256: sha, State: evidence.AttestedPresent}
	text, err := f.raw(name, limit)
	if err != nil {
		out.State, out.Reason = evidence.AttestedAbsent, unwrapPath(err)
		return out
	}
	f.archive.Add(path.Clean(filepath.ToSlash(name)), text)
	if sum := sha256.Sum256(text); sha != "" && sha != hex.EncodeToString(sum[:]) {
		out.State, out.Reason = evidence.AttestedOther, "it has another digest than the attestation states"
	}
	return out
}

// Tree implements evidence.Files.
func (f *Files) Tree(name string) (fs.FS, error) {
	root, err := os.OpenRoot(f.resolve(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, unwrapPath(err))
	}
	f.mu.Lock()
	f.roots = append(f.roots, root)
	f.mu.Unlock()
	return evidence.Tree(folder{root}, path.Clean(filepath.ToSlash(name)), f.archive), nil
}

// folder is a root as a file system that links cannot leave, and whose pipes
// do not block.
type folder struct{ root *os.Root }

func (f folder) Open(name string) (fs.File, error) {
	return f.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

func (f folder) Stat(name string) (fs.FileInfo, error) { return f.root.Stat(name) }

// Lstat and ReadLink tell of a link without following it.
func (f folder) Lstat(name string) (fs.FileInfo, error) { return f.root.Lstat(name) }

func (f folder) ReadLink(name string) (string, error) { return f.root.Readlink(name) }

func (f folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.root.FS(), name) }
